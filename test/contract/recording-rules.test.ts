/** The recording rules that docs/metrics.md gives; left out, visibly, where there is no Prometheus. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPrometheus, promtoolOf } from '../support/real-prometheus.ts';
import { recipeIn } from '../support/recipes.ts';

const binary = findPrometheus();

describe.skipIf(binary === null)('the recording rules of docs/metrics.md', () => {
  it('give each version the requests of its devices, across a restart and a change of version', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollout-rules-'));
    try {
      writeFileSync(join(folder, 'rules.yml'), recipeIn('docs/metrics.md', 'rules'));
      writeFileSync(join(folder, 'test.yml'), JSON.stringify(RULE_TEST));
      const run = spawnSync(promtoolOf(binary ?? ''), ['test', 'rules', join(folder, 'test.yml')], {
        encoding: 'utf8',
      });
      expect(run.stderr + run.stdout).toMatch(/SUCCESS/);
      expect(run.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Device b restarts and device a changes its version, both after ten minutes. */
const RULE_TEST = {
  rule_files: ['rules.yml'],
  evaluation_interval: '30s',
  tests: [
    {
      interval: '30s',
      input_series: [
        { series: 'my_requests_total{device_id="a"}', values: '0+10x40' },
        { series: 'my_requests_total{device_id="b"}', values: '0+10x19 0+10x20' },
        { series: 'my_requests_failed_total{device_id="a"}', values: '0x20 1+1x19' },
        { series: 'device_model_info{device_id="a",model_version="1.0.0"}', values: '1x19 stale' },
        { series: 'device_model_info{device_id="a",model_version="2.0.0"}', values: '_x20 1x20' },
        { series: 'device_model_info{device_id="b",model_version="1.0.0"}', values: '1x40' },
      ],
      promql_expr_test: [
        { eval_time: '20m', expr: increaseOf('requests', '2.0.0'), exp_samples: [{ value: 100 }] },
        { eval_time: '20m', expr: increaseOf('requests_failed', '2.0.0'), exp_samples: [{ value: 10 }] },
        { eval_time: '20m', expr: increaseOf('requests', '1.0.0'), exp_samples: [{ value: 100 }] },
        {
          eval_time: '12m',
          expr: increaseOf('requests', '1.0.0', 'device_id="b"'),
          exp_samples: [{ value: 90 }],
        },
      ],
    },
  ],
};

function increaseOf(what: string, version: string, also = ''): string {
  return `sum(increase(version:${what}:total{model_version="${version}",${also}}[5m]))`;
}
