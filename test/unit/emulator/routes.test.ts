import { describe, expect, it } from 'vitest';
import { API_START, emulatedApi } from '../../support/emulated-api.ts';

const MODEL = '/models/mdl_radiology';
const SECOND = 1_000;

describe('a key', () => {
  it.each([
    { title: 'nothing', header: null, apiKey: null, status: 401 },
    { title: 'an empty key', header: 'Bearer ', apiKey: null, status: 401 },
    { title: 'another scheme', header: 'Basic abc', apiKey: null, status: 401 },
    { title: 'any key', header: 'Bearer anything', apiKey: null, status: 200 },
    { title: 'a publishable key', header: 'Bearer oct_pub_live_1', apiKey: null, status: 403 },
    { title: 'the key', header: 'Bearer secret', apiKey: 'secret', status: 200 },
    { title: 'another key', header: 'Bearer other', apiKey: 'secret', status: 401 },
  ])('$title answers $status', ({ header, apiKey, status }) => {
    expect(emulatedApi({ apiKey }).callAs(header, 'GET', '/models').status).toBe(status);
  });

  it('is not asked for outside the API', () => {
    const api = emulatedApi({ apiKey: 'secret' });
    expect(api.callAs(null, 'GET', '/metrics').status).toBe(200);
    expect(api.callAs(null, 'GET', '/_emulator/state').status).toBe(200);
  });
});

describe('a route', () => {
  it.each([
    ['GET', '/nothing'],
    ['PUT', '/models'],
    ['POST', '/deploy/execute'],
    ['GET', '/models/%E0%A4%A'],
  ])('%s %s that does not exist is answered loudly', (method, path) => {
    const api = emulatedApi();
    const answer = api.call(method, path);
    expect(answer.status).toBe(501);
    expect(answer.json).toEqual({
      error: 'not_implemented',
      message: `the emulator has no route ${method} /api/v1${path}`,
      status_code: 501,
    });
    expect(api.warnings).toEqual([`no route ${method} /api/v1${path}`]);
  });

  it.each(['/health', '/status'])('%s says that the server is there, and its time', (path) => {
    expect(emulatedApi().call('GET', path).json).toMatchObject({
      status: 'ok',
      timestamp: '2026-11-20T10:00:00.000Z',
    });
  });
});

describe('models', () => {
  it('are listed by the page, ours last', () => {
    const api = emulatedApi({ modelCount: 45 });
    const page = api.call('GET', '/models?limit=20&offset=40').json;
    expect(page).toMatchObject({ total: 45, limit: 20, offset: 40 });
    expect(page.models).toHaveLength(5);
    expect(page.models.at(-1)).toMatchObject({ id: 'mdl_radiology', name: 'radiology-v1', version_count: 2 });
    expect(api.call('GET', '/models').json.models).toHaveLength(20);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'offset=-1'])('refuse a page with %s', (query) => {
    expect(emulatedApi().call('GET', `/models?${query}`).status).toBe(400);
  });

  it('belong to one organisation', () => {
    const api = emulatedApi({ orgId: 'org_a' });
    expect(api.call('GET', '/models?org_id=org_a').json.total).toBe(1);
    expect(api.call('GET', '/models?org_id=org_b').json.total).toBe(0);
  });

  it('are found by id and by name', () => {
    const api = emulatedApi();
    expect(api.call('GET', '/models/radiology-v1').json.id).toBe('mdl_radiology');
    expect(api.call('GET', '/models/gone').status).toBe(404);
    expect(api.call('GET', '/models/gone/rollouts').status).toBe(404);
  });
});

describe('versions', () => {
  it('are listed newest first and found by name', () => {
    const api = emulatedApi({ versions: ['0.9.0', '1.0.0', '2.0.0'] });
    const { versions, total } = api.call('GET', `${MODEL}/versions`).json;
    expect(versions.map((one: { version: string }) => one.version)).toEqual(['2.0.0', '1.0.0', '0.9.0']);
    expect(total).toBe(3);
    expect(api.call('GET', `${MODEL}/versions/latest`).json.version).toBe('2.0.0');
    expect(api.call('GET', `${MODEL}/versions/0.9.0`).json).toMatchObject({
      version: '0.9.0',
      status: 'published',
    });
    expect(api.call('GET', `${MODEL}/versions?status=deprecated`).json.versions).toEqual([]);
    expect(api.call('GET', `${MODEL}/versions/9.9.9`).json.error).toBe('version_not_found');
  });
});

describe('devices and groups', () => {
  const groups = [
    { name: 'beta', count: 20 },
    { name: 'clinic', count: 4 },
  ];

  it('are counted, paged and filtered by status', () => {
    const api = emulatedApi({ scenario: 'offline' });
    expect(api.call('GET', '/devices?limit=1').json).toMatchObject({ total: 124, limit: 1 });
    expect(api.call('GET', '/devices?status=online&limit=1000').json.devices).toHaveLength(87);
    const [device] = api.call('GET', '/devices?status=offline').json.devices;
    expect(Date.parse(device.last_seen_at)).toBeLessThan(API_START - 12 * 3_600_000);
    expect(api.call('GET', `/devices/${device.id}`).json).toEqual(device);
    expect(api.call('GET', '/devices/dev_999999').status).toBe(404);
  });

  it('have groups with a size and members of their own', () => {
    const api = emulatedApi({ groups });
    const { groups: listed } = api.call('GET', '/device-groups?org_id=org_demo').json;
    expect(listed.map((one: { id: string; device_count: number }) => [one.id, one.device_count])).toEqual([
      ['grp_beta', 20],
      ['grp_clinic', 4],
    ]);
    expect(api.call('GET', '/device-groups/grp_clinic').json.name).toBe('clinic');
    expect(api.call('GET', '/device-groups/grp_clinic/devices').json.total).toBe(4);
    expect(api.call('GET', '/device-groups/gone').status).toBe(404);
  });
});

describe('the organisation', () => {
  it('shows its policy, and takes another one', () => {
    const api = emulatedApi();
    expect(api.call('GET', '/settings/org_demo').json).toMatchObject({
      auto_rollback_enabled: false,
      require_model_approval: false,
    });
    api.call('POST', '/_emulator/policy', { auto_rollback_enabled: true, max_rollout_step: 10 });
    expect(api.call('GET', '/settings/org_demo').json.auto_rollback_enabled).toBe(true);
    const path = api.rollOut(10);
    expect(api.call('POST', `${path}/update-percentage`, { percentage: 30 }).status).toBe(409);
    expect(api.call('GET', '/settings/org_other').status).toBe(404);
  });

  it.each([
    {
      profile: 'full',
      gives: {
        error_threshold_percent: 5,
        crash_threshold_percent: 1,
        require_eval: true,
        min_rollout_duration: '90s',
        max_rollout_step: 25,
      },
    },
    { profile: 'documented', gives: {} },
  ] as const)('tells its rules on the profile $profile as far as sources show them', ({ profile, gives }) => {
    const api = emulatedApi({ profile });
    const policy = { require_eval: true, min_rollout_duration_seconds: 90, max_rollout_step: 25 };
    api.call('POST', '/_emulator/policy', policy);
    const { json } = api.call('GET', '/settings/org_demo');
    const rules = Object.entries(json).filter(([name]) => /threshold|eval|duration$|step/.test(name));
    expect(Object.fromEntries(rules)).toEqual(gives);
  });

  it.each([
    { status: 403, conflict: '403' },
    { status: 409, conflict: '409' },
    { status: 422, conflict: '422' },
  ] as const)('refuses with $status what its policy does not allow, and says why', ({ status, conflict }) => {
    const api = emulatedApi({ conflicts: { 'policy-status': conflict }, policy: { maxRolloutStep: 10 } });
    const path = api.rollOut(10);
    const refused = api.call('POST', `${path}/update-percentage`, { percentage: 30 });
    expect(refused.status).toBe(status);
    expect(refused.json.message).toContain('at most 10%');
    expect(api.call('POST', `${path}/update-percentage`, { percentage: 5 }).status).toBe(409);
  });

  it('wants an evaluation of a new version, not of one that it has served', () => {
    const api = emulatedApi({ policy: { requireEvaluation: true } });
    const create = (version: string) =>
      api.call('POST', '/models/mdl_radiology/rollouts', { version, rollout_percentage: 5 });
    expect(create('2.0.0').json.message).toContain('requires an evaluation');
    expect(create('1.0.0').status).toBe(201);
  });

  it('has no experiment, or one that runs on the model', () => {
    expect(emulatedApi().call('GET', '/experiments').json.experiments).toEqual([]);
    const api = emulatedApi({ experiment: true });
    const { experiments } = api.call('GET', '/experiments?model_id=mdl_radiology&status=running').json;
    expect(experiments).toHaveLength(1);
    expect(api.call('GET', '/experiments?status=completed').json.experiments).toEqual([]);
    const analytics = api.call('GET', `/experiments/${experiments[0].id}/analytics`).json;
    expect(analytics.variants[0].sample_size).toBeGreaterThan(0);
    expect(api.call('GET', '/experiments/gone/analytics').status).toBe(404);
  });
});

describe('health', () => {
  it('is asked for by ISO times or epoch milliseconds, and says what it covers', () => {
    const api = emulatedApi();
    const path = api.rollOut(10);
    api.wait(30 * SECOND);
    const iso = api.call('GET', `${path}/health?from=2026-11-20T10:00:05Z&to=2026-11-20T10:00:20Z`).json;
    const epoch = api.call('GET', `${path}/health?from=${API_START + 5_000}&to=${API_START + 20_000}`).json;
    expect(iso).toEqual(epoch);
    expect(iso.window).toMatchObject({ from: '2026-11-20T10:00:05.000Z', to: '2026-11-20T10:00:20.000Z' });
    expect(Date.parse(iso.window.covered_from)).toBeGreaterThanOrEqual(API_START + 5_000);
    expect(Date.parse(iso.window.covered_to)).toBeLessThanOrEqual(API_START + 20_000);
  });

  it.each(['from=yesterday', 'to=', 'from=2026-11-20T11:00:00Z&to=2026-11-20T10:00:00Z'])(
    'refuses %s',
    (query) => {
      const api = emulatedApi();
      expect(api.call('GET', `${api.rollOut(10)}/health?${query}`).status).toBe(400);
    },
  );

  it('ends where telemetry is late', () => {
    const api = emulatedApi({ telemetryDelayMs: 20 * SECOND });
    const path = api.rollOut(10);
    api.wait(10 * SECOND);
    expect(api.call('GET', `${path}/health`).json.versions[1].requests.total).toBe(0);
    api.wait(50 * SECOND);
    const { window } = api.call('GET', `${path}/health`).json;
    expect(window.to).toBe('2026-11-20T10:01:00.000Z');
    expect(window.covered_to).toBe('2026-11-20T10:00:40.000Z');
  });

  it('has cumulative buckets that end with all requests', () => {
    const api = emulatedApi();
    const path = api.rollOut(50);
    api.wait(60 * SECOND);
    for (const { latency_ms: latency, requests } of api.call('GET', `${path}/health`).json.versions) {
      const counts: number[] = latency.buckets.map((bucket: { count: number }) => bucket.count);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(latency.buckets.at(-1)).toEqual({ le: null, count: requests.total });
    }
  });

  it('shows mirrored requests of a candidate at 0% that is assigned to nobody', () => {
    const api = emulatedApi();
    const path = api.rollOut(0);
    api.wait(60 * SECOND);
    const [candidate, baseline] = api.call('GET', `${path}/health`).json.versions;
    expect(candidate.devices).toMatchObject({ assigned: 0, reachable: 0 });
    expect(candidate.requests.total).toBeGreaterThan(0.9 * baseline.requests.total);
    api.call('POST', `${path}/update-percentage`, { percentage: 10 });
    api.wait(60 * SECOND);
    const from = API_START + 62 * SECOND;
    const [live] = api.call('GET', `${path}/health?from=${from}`).json.versions;
    expect(live.devices).toMatchObject({ assigned: 12, active: 12 });
    expect(live.requests.total).toBeLessThan(0.3 * baseline.requests.total);
  });

  it('compares with the rest of the group when the rollout is limited to it', () => {
    const api = emulatedApi({ groups: [{ name: 'beta', count: 20 }] });
    const path = api.rollOut(50, { group: 'beta' });
    api.wait(60 * SECOND);
    const [candidate, baseline] = api.call('GET', `${path}/health`).json.versions;
    expect(candidate.devices.assigned).toBe(10);
    expect(baseline.devices.assigned).toBe(10);
    expect(baseline.devices.active).toBeLessThanOrEqual(20);
  });
});

describe('metrics', () => {
  const value = (text: string, series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1),
    );
  const CANDIDATE = 'model_id="mdl_radiology",model_version="2.0.0",role="candidate"';

  it('count the same requests and failures as health, as text of Prometheus', () => {
    const api = emulatedApi();
    const path = api.rollOut(25);
    api.wait(60 * SECOND);
    const answer = api.call('GET', '/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const [candidate] = api.call('GET', `${path}/health`).json.versions;
    expect(value(answer.json, `octomil_requests_total{${CANDIDATE}}`)).toBe(candidate.requests.total);
    expect(value(answer.json, `octomil_requests_failed_total{${CANDIDATE}}`)).toBe(candidate.requests.failed);
    expect(value(answer.json, `octomil_request_duration_ms_bucket{${CANDIDATE},le="500"}`)).toBe(
      candidate.latency_ms.buckets[4].count,
    );
    expect(value(answer.json, `octomil_devices{${CANDIDATE}}`)).toBe(31);
  });

  it('tell the parts of a divided fleet apart, each as its segment of health', () => {
    const api = emulatedApi({ segments: true });
    const path = api.rollOut(25);
    api.wait(60 * SECOND);
    const text: string = api.call('GET', '/metrics').json;
    const sum = (name: string, label: string): number =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{${CANDIDATE},`) && line.includes(label))
        .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    const { versions, segments } = api.call('GET', `${path}/health?by=device_class,os,region`).json;
    expect(segments).toHaveLength(8);
    for (const { by, value: of, versions: within } of segments) {
      const label = `,${by}="${of}"`;
      expect(sum('octomil_requests_total', label), label).toBe(within[0].requests.total);
      expect(sum('octomil_requests_failed_total', label), label).toBe(within[0].requests.failed);
    }
    expect(sum('octomil_requests_total', '')).toBe(versions[0].requests.total);
    expect(sum('octomil_devices', '')).toBe(31);
    expect(sum('octomil_devices', ',device_class="phone-low",')).toBeLessThan(10);
  });

  it('never fall, and keep their labels when the candidate becomes what serves', () => {
    const api = emulatedApi();
    api.rollOut(100);
    let before = 0;
    for (let look = 0; look < 5; look += 1) {
      api.wait(20 * SECOND);
      const now = value(api.call('GET', '/metrics').json, `octomil_requests_total{${CANDIDATE}}`);
      expect(now).toBeGreaterThan(before);
      before = now;
    }
  });
});

describe('the rate limit', () => {
  it('answers 429 with the seconds to wait, and lets requests through after them', () => {
    const api = emulatedApi({ rateLimit: 3 });
    const ask = () => api.call('GET', '/models');
    expect([ask().status, ask().status]).toEqual([200, 200]);
    api.wait(15 * SECOND);
    expect(ask().status).toBe(200);
    const refused = ask();
    expect(refused).toMatchObject({ status: 429, json: { error: 'rate_limited' } });
    expect(refused.headers['retry-after']).toBe('45');
    api.wait(45 * SECOND);
    expect(ask().status).toBe(200);
  });
});
