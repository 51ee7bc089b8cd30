/** The reference of the plan's keys for people, as Markdown. Pure. */
import { z } from 'zod';
import { customGateMap } from './custom-gate-schema.ts';
import { writeDuration } from './duration.ts';
import {
  adoptionGateMap,
  assignmentGateMap,
  gatesMap,
  latencyGateMap,
  qualityGateMap,
  rateGateMap,
} from './gate-schema.ts';
import { KEY_DOCS, type KeyDoc } from './key.ts';
import { writePercent } from './percent.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts';
import { planMap, rollbackMap } from './schema.ts';
import { segmentsMap } from './segment-schema.ts';
import { seriesMap } from './series-schema.ts';
import { stageMap } from './stage-schema.ts';

/** Returns the whole of docs/plan-reference.md, from the same definitions that check a plan. */
export function planReference(): string {
  const parts = [
    INTRODUCTION,
    '## Keys of a plan',
    tableOf(planMap),
    '## Keys of a stage',
    'A stage is a percentage such as `5%`, or a map with these keys. The last stage is the target.',
    tableOf(stageMap),
    '## Gates',
    GATES,
    tableOf(gatesMap),
    '### `error_rate`, `crash_rate` and `memory_rate` in full',
    tableOf(rateGateMap),
    '### `latency_p50`, `latency_p95` and `latency_p99` in full',
    tableOf(latencyGateMap),
    '### `quality` in full',
    tableOf(qualityGateMap),
    '### `adoption` in full',
    tableOf(adoptionGateMap),
    '### `assignment` in full',
    tableOf(assignmentGateMap),
    '### A gate of your own in full',
    CUSTOM_GATES,
    tableOf(customGateMap),
    '## Keys of a series of `metrics`',
    SERIES,
    tableOf(seriesMap),
    '## Keys of `segments`',
    SEGMENTS,
    tableOf(segmentsMap),
    '## Keys of `rollback`',
    tableOf(rollbackMap),
    '## Presets',
    PRESET_RULES,
    presetTable(),
  ];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `<!-- Generated from src/plan by \`npm run docs\`; edit the definitions there. -->

# Plan reference

A plan is YAML 1.2 or JSON: inline in the \`plan\` input, or a file of the repository, by default
\`.github/rollout.yml\`. With \`model\` and \`version\` as inputs no plan is needed.

\`\`\`yaml
# yaml-language-server: $schema=../plan.schema.json
model: radiology-v1
version: 2.0.0
stages: [1%, 10%, 50%, 100%]
soak: 1h
gates: { error_rate: 5%, crash_rate: 1% }
\`\`\`

- Rates and percentages have a \`%\`: \`5%\`, \`0.5%\`. Durations have units, largest first: \`90s\`, \`15m\`, \`6h\`, \`7d\`,
  \`1h30m\`. Latencies are in \`ms\` or \`s\`. A bare number is refused with what it may mean.
- Versions and names are taken as they are written: \`1.10\` stays \`1.10\`.
- An unknown key is an error, and so are a repeated key, an anchor, an alias and a tag.
- Every problem is reported at once, with file, line, column and path.
- The inputs \`model\`, \`version\`, \`group\`, \`preset\`, \`rollout-percentage\`, \`target-percentage\`, \`increment-step\`
  and \`to-version\` (as \`rollback.to\`) win over the plan's keys.`;

const GATES = `\`gates\` is a map, or the word \`none\`: then time, status and adoption decide alone. A gate is a limit
(\`error_rate: 2%\`), a map (\`{ max: 2%, severity: hold }\`), or the word \`none\`, which switches it off. A gate in a
stage takes from the plan's gate of the same name what it does not say itself. Every stage that reaches devices needs
a gate with \`severity: critical\`, unless \`gates: none\` says otherwise in the plan or in that stage. \`adoption\` and
\`assignment\` stay on beside \`gates: none\`, each until it is \`none\` itself.

\`baseline: current\` compares the candidate with the version that it replaces, over the same time, so that an incident of
the whole fleet is nobody's fault; \`margin\` is how much worse it may be. A latency is compared with what the baseline's
percentile was before the rollout, so \`latency_p95: { baseline: current }\` needs no \`max\`. At 0% nothing is compared:
no device is served by the candidate.

A limit that no number of trials could show to hold (0%) or that nothing could break (100%) is refused. Where the fleet
can be counted, stages whose devices can settle too little are named, and refused with \`pass_when: proven\`.`;

const SEGMENTS = `A fault of one class of phones, a tenth of the fleet, is a tenth as strong in the whole fleet. With \`segments\` every
critical gate is judged for each value of each attribute too. One confidence is shared: half of it is the whole fleet's,
whatever the number of segments, and the other half is shared by all of them alike, so that false rollbacks stay as rare
as without. The segment that proves harm is named in the report. A source that cannot tell devices apart by these
attributes is named once, and the whole fleet decides alone. A query of Prometheus is split where it groups by \`{{by}}\`,
as in \`sum by ({{by}}) (…)\`; a gate whose query does not is judged for the whole fleet only.`;

const CUSTOM_GATES = `Any other name of small letters, digits and underscores is a gate of your own when \`metrics\` has a series of
that name. \`battery_drain: 3%\` is short for \`{ max: 3% }\`. The limit has the unit of the series:

| series | limit | judged as |
| --- | --- | --- |
| \`events\` and \`trials\` | \`max\`, a rate | a rate, corrected for devices as requests are; compared with the previous version with \`baseline: current\` |
| \`mean\` and \`n\` | \`min\`, a rate | a mean from 0 to 1, as \`quality\` |
| \`value\` in \`ratio\` or \`percent\` | \`max\` or \`min\`, a rate | a bare value |
| \`value\` in \`ms\` or \`s\` | \`max\` or \`min\`, a time | a bare value |
| \`value\` in \`number\` | \`max\` or \`min\`, a number | a bare value |

A bare value does not say how sure it is: it decides when it holds, or breaks, its limit in the last three windows, no
error rate can be promised for it, and \`pass_when: proven\` is refused beside it.`;

const SERIES = `\`metrics\` has one series for each gate that is not measured by Octomil: the name of the gate, and where its numbers
come from. A series has exactly one shape: \`events\` and \`trials\`; \`mean\` and \`n\`; \`buckets\` and \`unit\`; or
\`value\` and \`unit\`. Rates take counts, or a value in \`ratio\` or \`percent\`; latencies take buckets, the requests
slower than the gate's limit as events of trials, or a value in \`ms\` or \`s\`; \`quality\` takes a mean, or a value in
\`ratio\` or \`percent\`. \`crash_rate\` and \`memory_rate\` count devices; with \`devices\` beside \`trials\` the trials
are something else, such as app runs, and are corrected for devices as requests are.

Every text may have placeholders, which are filled for each version and window that is asked about:
\`{{version}}\`, \`{{baseline}}\`, \`{{group}}\`, \`{{model}}\`, \`{{window}}\`, \`{{from}}\` and \`{{to}}\`. With
\`prometheus\` also \`{{by}}\`: nothing for the whole fleet, and the attribute's name for each of \`segments\`. A plan
names no host and no secret: \`prometheus-url\`, \`datadog-site\`, \`health-url\` and their keys are inputs of the workflow.`;

const PRESET_RULES = `\`bake\` beside a preset replaces its bake, \`soak\` the soak of every stage. Where the fleet can be
counted, a stage of a preset below 5 devices is enlarged to the smallest whole percentage that reaches 5; of stages that
become equal one stays, and a fleet of 5 or fewer has one stage. Stages that you write yourself never change.

Equal steps: \`rollout_percentage\`, \`target_percentage\` and \`increment_step\` are numbers of percent (\`10\` or \`10%\`);
10, 40 and 10 are the stages 10%, 20%, 30%, 40%, with a soak of 30m and a bake of 30m.`;

function tableOf(map: z.ZodObject): string {
  const rows = Object.entries(map.shape).map(([name, schema]) => {
    const doc = KEY_DOCS.get(schema);
    if (doc === undefined) throw new TypeError(`the key ${name} has no documentation`);
    const { typeName, range } = typeOf(schema);
    return row([
      `\`${name}\``,
      typeName,
      range,
      defaultOf(doc),
      doc.description,
      `\`${name}: ${doc.example}\``,
    ]);
  });
  return [
    row(['key', 'type', 'range', 'default', 'meaning', 'example']),
    row(Array(6).fill('---')),
    ...rows,
  ].join('\n');
}

function defaultOf(doc: KeyDoc): string {
  if (doc.required === true) return 'required';
  return doc.default === undefined ? (doc.otherwise ?? '') : `\`${doc.default}\``;
}

interface TypeInWords {
  readonly typeName: string;
  readonly range: string;
}

function typeOf(schema: unknown): TypeInWords {
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) {
    const [first, ...others] = schema.options.map(typeOf);
    return {
      typeName: [first, ...others].map((each) => each?.typeName).join(', or '),
      range: first?.range ?? '',
    };
  }
  if (schema instanceof z.ZodArray) {
    const range = schema.meta()?.['range'];
    return {
      typeName: `list of: ${typeOf(schema.element).typeName}`,
      range: typeof range === 'string' ? range : '',
    };
  }
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return { typeName: 'map', range: '' };
  const meta = schema instanceof z.ZodType ? schema.meta() : undefined;
  if (meta !== undefined) {
    return {
      typeName: String(meta['typeName']),
      range: typeof meta['range'] === 'string' ? meta['range'] : '',
    };
  }
  if (schema instanceof z.ZodPipe) return typeOf(schema.in);
  throw new TypeError('a kind of value without a name for people');
}

function presetTable(): string {
  const rows = PRESET_NAMES.map((name) => row([`\`${name}\``, stagesOf(name), PRESETS[name].description]));
  return [row(['preset', 'stages', 'meaning']), row(Array(3).fill('---')), ...rows].join('\n');
}

function stagesOf(name: PresetName): string {
  const { stages, bakeMs, maxWaitMs } = PRESETS[name];
  const steps = stages.map(
    ({ percentage, soakMs }) => `${writePercent(percentage)} ${writeDuration(soakMs)}`,
  );
  const wait = maxWaitMs === null ? '' : `, \`max_wait\` ${writeDuration(maxWaitMs)}`;
  return `${[...steps, '100%'].join(' → ')}, bake ${writeDuration(bakeMs)}${wait}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
