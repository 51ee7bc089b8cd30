import { describe, expect, it } from 'vitest';
import type { EmulatorOptions } from '../../../src/emulator/emulator-options.ts';
import { SCENARIO_NAMES } from '../../../src/simulation/scenarios.ts';
import { type EmulatedApi, emulatedApi } from '../../support/emulated-api.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Arm {
  readonly errorRate: number;
  readonly slowRate: number;
  readonly crashRate: number;
  readonly requests: number;
  readonly active: number;
  readonly failingDevices: number;
}

type Role = 'candidate' | 'baseline';

/** Returns what health says of both arms from `fromMs` after the start to now. */
function health(api: EmulatedApi, path: string, fromMs: number): Readonly<Record<Role, Arm>> {
  const from = Date.UTC(2026, 10, 20, 10) + fromMs;
  const { versions } = api.call('GET', `${path}/health?from=${from}`).json;
  const arm = (role: Role): Arm => {
    const {
      requests,
      devices,
      latency_ms: latency,
    } = versions.find((one: { role: Role }) => one.role === role);
    const within = latency.buckets.find((one: { le: number | null }) => one.le === 500).count;
    return {
      errorRate: requests.failed / requests.total,
      slowRate: 1 - within / requests.total,
      crashRate: devices.crashed / devices.active,
      requests: requests.total,
      active: devices.active,
      failingDevices: requests.devices_with_failures,
    };
  };
  return { candidate: arm('candidate'), baseline: arm('baseline') };
}

/** Plays a scenario: 10% for ten minutes, then 50% for ten minutes; returns health of both stages. */
function stages(options: Omit<EmulatorOptions, 'clock' | 'warn'>) {
  const api = emulatedApi({ devices: 1_000, requestsPerHour: 600, ...options });
  const path = api.rollOut(10);
  api.wait(10 * MINUTE);
  const early = health(api, path, 5 * SECOND);
  api.call('POST', `${path}/update-percentage`, { percentage: 50 });
  api.wait(10 * MINUTE);
  return { api, path, early, late: health(api, path, 10 * MINUTE) };
}

describe('scenario healthy', () => {
  it('shows both versions alike: about 1% errors, 1.2% beyond 500 ms, hardly a crash', () => {
    const { late } = stages({});
    for (const { errorRate, slowRate, crashRate } of [late.candidate, late.baseline]) {
      expect(errorRate).toBeGreaterThan(0.006);
      expect(errorRate).toBeLessThan(0.015);
      expect(slowRate).toBeCloseTo(0.012, 2);
      expect(crashRate).toBeLessThan(0.005);
    }
  });
});

describe('scenario error-spike', () => {
  it('fails a fifth of the requests of the candidate, of nobody else, and not below its percentage', () => {
    const { early, late } = stages({ scenario: 'error-spike' });
    expect(early.candidate.errorRate).toBeLessThan(0.02);
    expect(late.candidate.errorRate).toBeCloseTo(0.2, 1);
    expect(late.baseline.errorRate).toBeLessThan(0.02);
  });

  it('begins at a percentage of choice', () => {
    const { early } = stages({ scenario: 'error-spike', scenarioSettings: { atPercentage: 10 } });
    expect(early.candidate.errorRate).toBeCloseTo(0.2, 1);
  });

  it('begins after a delay of choice', () => {
    const { api, path, late } = stages({
      scenario: 'error-spike',
      scenarioSettings: { onsetMs: 15 * MINUTE },
    });
    expect(late.candidate.errorRate).toBeLessThan(0.02);
    api.wait(10 * MINUTE);
    expect(health(api, path, 25 * MINUTE).candidate.errorRate).toBeCloseTo(0.2, 1);
  });

  it('stays in the version: it is as bad when it is rolled out again', () => {
    const { api } = stages({ scenario: 'error-spike' });
    api.call('POST', '/models/mdl_radiology/rollback', { to_version: '1.0.0' });
    api.wait(MINUTE);
    const again = api.rollOut(30);
    api.wait(MINUTE);
    expect(health(api, again, 21 * MINUTE).candidate.errorRate).toBeCloseTo(0.2, 1);
  });
});

describe('scenario crash-spike', () => {
  it("crashes three in ten of the candidate's devices within seconds of reaching the percentage", () => {
    const api = emulatedApi({ scenario: 'crash-spike', devices: 1_000 });
    const path = api.rollOut(10);
    api.wait(MINUTE);
    expect(health(api, path, 0).candidate.crashRate).toBeLessThan(0.02);
    api.call('POST', `${path}/update-percentage`, { percentage: 25 });
    api.wait(6 * SECOND);
    const { candidate, baseline } = health(api, path, MINUTE);
    expect(candidate.crashRate).toBeCloseTo(0.3, 1);
    expect(baseline.crashRate).toBeLessThan(0.02);
  });
});

describe('scenario memory-spike', () => {
  it("lets three in ten of the candidate's devices run out of memory once, and none crash of it", () => {
    const api = emulatedApi({ scenario: 'memory-spike', devices: 1_000 });
    const devices = (path: string, role: number) =>
      api.call('GET', `${path}/health`).json.versions[role].devices;
    const path = api.rollOut(10);
    api.wait(MINUTE);
    expect(devices(path, 0).out_of_memory).toBe(0);
    api.call('POST', `${path}/update-percentage`, { percentage: 25 });
    api.wait(HOUR);
    expect(devices(path, 0).out_of_memory / 250).toBeCloseTo(0.3, 1);
    expect(devices(path, 0).crashed).toBeLessThan(5);
    expect(devices(path, 1).out_of_memory).toBe(0);
    expect(api.call('GET', '/metrics').json).toContain(
      `octomil_device_out_of_memory_total{model_id="mdl_radiology",model_version="2.0.0",role="candidate"} ${devices(path, 0).out_of_memory}\n`,
    );
  });
});

describe('scenario quality-drop', () => {
  it("worsens the candidate's answers from its percentage on, and nothing else", () => {
    const { api, path, early, late } = stages({ scenario: 'quality-drop' });
    const means = (from: number, to: number) =>
      api
        .call('GET', `${path}/health?from=${from}&to=${to}`)
        .json.versions.map(
          ({ quality }: { quality: { sum: number; count: number } }) => quality.sum / quality.count,
        );
    const start = Date.UTC(2026, 10, 20, 10);
    expect(means(start, start + 10 * MINUTE)).toEqual([expect.closeTo(0.94, 2), expect.closeTo(0.94, 2)]);
    expect(means(start + 10 * MINUTE + 5 * SECOND, start + 20 * MINUTE)).toEqual([
      expect.closeTo(0.7, 2),
      expect.closeTo(0.94, 2),
    ]);
    expect(late.candidate.errorRate).toBeLessThan(0.02);
    expect(early.candidate.errorRate).toBeLessThan(0.02);
  });
});

describe('scenario slow-burn', () => {
  const play = (stageSoakMs: number) => {
    const api = emulatedApi({ scenario: 'slow-burn', devices: 1_000, scenarioSettings: { stageSoakMs } });
    const path = api.rollOut(10);
    api.wait(HOUR);
    api.call('POST', `${path}/update-percentage`, { percentage: 25 });
    api.wait(HOUR);
    return { api, path };
  };

  it('fails most requests from 70% of the soak of the second percentage on', () => {
    const { api, path } = play(HOUR);
    const before = health(api, path, HOUR + 41 * MINUTE + 30 * SECOND);
    expect(before.candidate.errorRate).toBeGreaterThan(0.5);
    const from = Date.UTC(2026, 10, 20, 11);
    const { requests } = api.call('GET', `${path}/health?from=${from}&to=${from + 42 * MINUTE}`).json
      .versions[0];
    expect(requests.failed / requests.total).toBeLessThan(0.02);
    expect(health(api, path, HOUR + 42 * MINUTE).candidate.errorRate).toBeCloseTo(0.6, 1);
  });

  it('waits longer when stages soak longer', () => {
    const { api, path } = play(10 * HOUR);
    expect(health(api, path, HOUR).candidate.errorRate).toBeLessThan(0.02);
  });
});

describe('scenario latency', () => {
  it('makes every request of the candidate take four times as long from its percentage on', () => {
    const { early, late } = stages({ scenario: 'latency' });
    expect(early.candidate.slowRate).toBeLessThan(0.03);
    expect(late.candidate.slowRate).toBeGreaterThan(0.25);
    expect(late.baseline.slowRate).toBeLessThan(0.03);
    expect(late.candidate.errorRate).toBeLessThan(0.02);
  });
});

describe('scenario no-data', () => {
  it('shows no request and no active device of the candidate, although its devices run it', () => {
    const { api, late } = stages({ scenario: 'no-data' });
    expect(late.candidate).toMatchObject({ requests: 0, active: 0, failingDevices: 0 });
    expect(late.baseline.requests).toBeGreaterThan(0);
    expect(api.call('GET', '/_emulator/state').json.devices.onVersion['2.0.0']).toBe(500);
  });
});

describe('scenario offline', () => {
  it('has three in ten devices that neither sync nor send', () => {
    const { api, path, late } = stages({ scenario: 'offline' });
    expect(api.call('GET', '/devices?status=offline').json.total).toBe(300);
    expect(late.candidate.active + late.baseline.active).toBeLessThan(750);
    const {
      affected_devices: assigned,
      reachable,
      on_version: on,
    } = api.call('GET', `${path}/affected-devices`).json;
    expect(assigned).toBe(500);
    expect(reachable).toBeLessThan(400);
    expect(on).toBe(reachable);
    const { versions } = api.call('GET', `${path}/health`).json;
    expect(versions.map(({ devices }: { devices: object }) => devices)).toMatchObject([
      { assigned: 500, reachable },
      { assigned: 500, reachable: 700 - reachable },
    ]);
  });
});

describe('scenario auto-rollback', () => {
  it('is rolled back by the server once the errors are there, and not before', () => {
    const api = emulatedApi({ scenario: 'auto-rollback' });
    const path = api.rollOut(10);
    api.wait(10 * MINUTE);
    expect(api.call('GET', path).json.status).toBe('active');
    api.call('POST', `${path}/update-percentage`, { percentage: 25 });
    api.wait(30 * SECOND);
    expect(api.call('GET', path).json.status).toBe('rolled_back');
    expect(api.call('GET', '/settings/org_demo').json.auto_rollback_enabled).toBe(true);
  });
});

describe('scenario clustered', () => {
  it('has nearly all errors on one device in fifty, on either version, at the usual rate', () => {
    const { late } = stages({ scenario: 'clustered' });
    for (const arm of [late.candidate, late.baseline]) {
      expect(arm.errorRate).toBeGreaterThan(0.003);
      expect(arm.errorRate).toBeLessThan(0.02);
    }
    const { late: usual } = stages({});
    expect(late.candidate.failingDevices).toBeLessThan(0.3 * usual.candidate.failingDevices);
  });

  it('counts a device that failed many times once, also over several looks', () => {
    const api = emulatedApi({ scenario: 'clustered', devices: 1_000, requestsPerHour: 600 });
    const path = api.rollOut(100);
    api.wait(HOUR);
    const start = Date.UTC(2026, 10, 20, 10);
    const look = (from: number, to: number) => {
      const { window, versions } = api.call('GET', `${path}/health?from=${from}&to=${to}`).json;
      return { ...versions[0].requests, until: Date.parse(window.covered_to) };
    };
    const first = look(start + MINUTE, start + HOUR / 2);
    const second = look(first.until, start + HOUR);
    const whole = look(start + MINUTE, start + HOUR);
    expect(whole.failed).toBe(first.failed + second.failed);
    // 20 flaky devices make 95 of 100 errors; the other 5 fall on as many of the 980 others, or a few less.
    const others = 0.05 * whole.failed;
    expect(whole.devices_with_failures).toBeGreaterThan(20 + 0.6 * others);
    expect(whole.devices_with_failures).toBeLessThan(20 + 1.4 * others);
    expect(whole.devices_with_failures).toBeLessThan(
      first.devices_with_failures + second.devices_with_failures - 10,
    );
  });
});

describe('every scenario', () => {
  it.each(SCENARIO_NAMES)('%s is the same twice, to the byte', (scenario) => {
    const play = () => {
      const { api, path } = stages({ scenario, seed: 11 });
      return JSON.stringify([api.call('GET', `${path}/health`), api.call('GET', '/metrics')]);
    };
    expect(play()).toBe(play());
  });
});
