/** Builds the places that the series of a plan come from, and refuses those whose inputs are missing. */
import type { Plan } from '../core/plan.ts';
import type { Clock } from '../core/ports.ts';
import type { SourceName } from '../core/series.ts';
import { createPrometheusSource } from '../metrics/prometheus/prometheus-source.ts';
import type { SeriesSource } from '../metrics/series-source.ts';
import type { InputKey } from './io-keys.ts';
import { Refusal } from './refusal.ts';
import type { SourceInputs } from './source-inputs.ts';

/** What the places are built from. */
export interface SourceSetting {
  readonly inputs: SourceInputs;
  /** The folder that recorded files are read from. */
  readonly workspace: string;
  readonly clock: Clock;
}

type PlaceName = Exclude<SourceName, 'octomil'>;

interface Maker {
  readonly needs: readonly (readonly [InputKey, keyof SourceInputs, string])[];
  readonly make: (setting: SourceSetting) => SeriesSource;
}

const USER_AGENT = 'octomil-rollout-action';

const MAKERS: Readonly<Record<PlaceName, Maker>> = {
  prometheus: {
    needs: [['prometheus-url', 'prometheusUrl', 'the address of a Prometheus server']],
    make: ({ inputs, clock }) =>
      createPrometheusSource({
        url: inputs.prometheusUrl,
        token: inputs.prometheusToken,
        clock,
        userAgent: USER_AGENT,
      }),
  },
  datadog: {
    needs: [
      ['datadog-api-key', 'datadogApiKey', 'an API key of Datadog'],
      ['datadog-app-key', 'datadogAppKey', 'an application key of Datadog'],
    ],
    make: () => notYet('datadog'),
  },
  'http-json': {
    needs: [['health-url', 'healthUrl', 'the address that the path of the series is below']],
    make: () => notYet('http-json'),
  },
  file: { needs: [], make: () => notYet('file') },
};

/**
 * Returns the places of a plan's series, each built once.
 *
 * Errors: throws a `Refusal` that names every input which is missing.
 */
export function createSeriesSources(
  metrics: Plan['metrics'],
  setting: SourceSetting,
): ReadonlyMap<PlaceName, SeriesSource> {
  const series = Object.entries(metrics);
  const names = [...new Set(series.map(([, { source }]) => source))];
  const missing = names.flatMap((name) => {
    const gates = series.filter(([, { source }]) => source === name).map(([gate]) => `metrics.${gate}`);
    return MAKERS[name].needs
      .filter(([, field]) => setting.inputs[field] === '')
      .map(
        ([input, , what]) => `input ${input}: got nothing, expected ${what}, which ${gates.join(', ')} asks`,
      );
  });
  if (missing.length > 0) {
    throw new Refusal({ outcome: 'invalid_input', reason: 'invalid_input', detail: missing.join('\n') });
  }
  return new Map(names.map((name) => [name, MAKERS[name].make(setting)]));
}

function notYet(name: PlaceName): never {
  const detail = `source: ${name} is not available in this version`;
  throw new Refusal({ outcome: 'invalid_plan', reason: 'invalid_plan', detail });
}
