/** Builds the places that the series of a plan come from, and refuses those whose inputs are missing. */
import type { Plan } from '../core/plan.ts';
import type { Clock } from '../core/ports.ts';
import type { SourceName } from '../core/series.ts';
import { createDatadogSource } from '../metrics/datadog/datadog-source.ts';
import { createHttpJsonSource } from '../metrics/http-json/http-json-source.ts';
import { createPrometheusSource } from '../metrics/prometheus/prometheus-source.ts';
import { createFileSource } from '../metrics/recorded/file-source.ts';
import type { SeriesSource } from '../metrics/series-source.ts';
import { ConnectionInputError } from '../runtime/connection-input-error.ts';
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
      ['datadog-site', 'datadogSite', 'a Datadog site such as datadoghq.eu'],
      ['datadog-api-key', 'datadogApiKey', 'an API key of Datadog'],
      ['datadog-app-key', 'datadogAppKey', 'an application key of Datadog'],
    ],
    make: ({ inputs, clock }) =>
      createDatadogSource({
        site: inputs.datadogSite,
        apiKey: inputs.datadogApiKey,
        appKey: inputs.datadogAppKey,
        clock,
        userAgent: USER_AGENT,
      }),
  },
  'http-json': {
    needs: [['health-url', 'healthUrl', 'the address that the path of the series is below']],
    make: ({ inputs, clock }) =>
      createHttpJsonSource({
        url: inputs.healthUrl,
        token: inputs.healthToken,
        clock,
        userAgent: USER_AGENT,
      }),
  },
  file: { needs: [], make: ({ workspace }) => createFileSource({ workspace }) },
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
  try {
    return new Map(names.map((name) => [name, MAKERS[name].make(setting)]));
  } catch (thrown) {
    if (!(thrown instanceof ConnectionInputError)) throw thrown;
    throw new Refusal({ outcome: 'invalid_input', reason: 'invalid_input', detail: thrown.message });
  }
}
