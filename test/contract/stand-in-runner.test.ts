/** The stand-in treats an action as GitHub's runner does: environment, commands, files, masks, signals, stages. */
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../scripts/stand-in-runner.mjs';
import { startTinyAction, type TinyAction } from '../support/stand-in-runner-action.ts';

const GRACE = { interruptMs: 150, terminateMs: 150 };
const WAIT = 'setInterval(() => {}, 1000);';

const run = async (action: TinyAction): Promise<StepResult> => (await startTinyAction(action)).result;
const messages = (result: StepResult): readonly string[] => result.annotations.map((each) => each.message);

describe('environment', () => {
  const declares = `inputs:
  api-key:
    default: ''
  poll interval:
    default: 'auto'
  github-token:
    default: \${{ github.token }}`;

  it('sets every declared input, keeps hyphens and turns spaces into underscores', async () => {
    const result = await run({
      declares,
      inputs: { 'api-key': 'k' },
      githubToken: 'ghs_1',
      main: `const { env } = process;
        console.log(JSON.stringify([env['INPUT_API-KEY'], env['INPUT_POLL_INTERVAL'], env['INPUT_GITHUB-TOKEN']]));`,
    });
    expect(result.rawLines).toEqual(['["k","auto","ghs_1"]']);
  });

  it('lets nothing of the caller in but PATH', async () => {
    process.env['HTTPS_PROXY'] = 'http://proxy.invalid';
    try {
      const result = await run({
        main: `const ours = /^(INPUT_|GITHUB_|RUNNER_|STATE_)/;
          console.log(Object.keys(process.env).filter((name) => !ours.test(name)).sort().join());`,
      });
      expect(result.rawLines).toEqual(['CI,PATH']);
    } finally {
      delete process.env['HTTPS_PROXY'];
    }
  });

  it('starts in the workspace with the event on disk', async () => {
    const result = await run({
      event: { action: 'opened' },
      env: { GITHUB_EVENT_NAME: 'pull_request' },
      main: `import { readFileSync } from 'node:fs';
        const { env } = process;
        console.log(process.cwd() === env.GITHUB_WORKSPACE, env.GITHUB_EVENT_NAME, env.RUNNER_DEBUG);
        console.log(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));`,
    });
    expect(result.rawLines).toEqual(['true pull_request undefined', '{"action":"opened"}']);
  });

  it('prints the inputs before the action starts and warns of an undeclared one', async () => {
    const result = await run({
      declares,
      inputs: { 'api-key': 's3cret', plan: 'a: 1\nb: 2\n' },
      secrets: ['s3cret'],
      label: 'octomil/rollout-action@v1',
      main: "console.log('started');",
    });
    expect(result.log).toEqual([
      '▸ Run octomil/rollout-action@v1',
      '  with:',
      '    api-key: ***',
      '    poll interval: auto',
      '    plan: a: 1',
      '    b: 2',
      "Warning: Unexpected input(s) 'plan', valid inputs are ['api-key', 'poll interval', 'github-token']",
      'started',
    ]);
  });
});

describe('workflow commands', () => {
  const cases = [
    { line: '::error title=A%3A b,file=x.yml,line=3::50%25 %0Amore', gives: ['A: b', '50% \nmore'] },
    { line: '  ::warning::indented', gives: [null, 'indented'] },
    { line: 'text ##[error title=old;]anywhere', gives: ['old', 'anywhere'] },
    { line: 'text ::error::not at the start', gives: null },
    { line: '::unknown::is text', gives: null },
    { line: '::error without an end', gives: null },
  ] as const;

  it.each(cases)('reads $line', async ({ line, gives }) => {
    const result = await run({ main: `process.stderr.write(${JSON.stringify(`${line}\n`)});` });
    expect(result.annotations.map((each) => [each.title, each.message])).toEqual(
      gives === null ? [] : [gives],
    );
    expect(result.log.includes(line)).toBe(gives === null);
    expect(result.rawLines).toEqual([line]);
  });

  it('folds the lines of a group under its title', async () => {
    const result = await run({
      main: "console.log('::group::Stage 1/3\\nlook\\n::endgroup::\\nafter');",
    });
    expect(result.log.slice(-3)).toEqual(['▸ Stage 1/3', '  look', 'after']);
  });

  it('shows debug lines only when debugging', async () => {
    const main = "console.log('::debug::detail', process.env.RUNNER_DEBUG);";
    expect((await run({ main })).log).not.toContain('Debug: detail undefined');
    expect((await run({ main, debug: true })).log).toContain('Debug: detail 1');
  });

  it('keeps ten annotations of a type and the first 4096 characters of a message', async () => {
    const result = await run({
      main: `for (let at = 1; at <= 12; at += 1) console.log('::error::' + at);
        console.log('::notice::' + 'x'.repeat(5000));`,
    });
    expect(messages(result).slice(0, 10)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(result.annotations.slice(10).map((each) => each.message.length)).toEqual([4096]);
    expect(result.log).toContain('Error: 12');
  });

  it('obeys nothing between stop-commands and its token', async () => {
    const result = await run({
      main: "console.log('::stop-commands::tok3n\\n::error::quoted\\n::tok3n::\\n::error::meant');",
    });
    expect(messages(result)).toEqual(['meant']);
    expect(result.log).toContain('::error::quoted');
  });

  it.each([
    { line: '::set-env name=A::b', says: 'The `set-env` command is disabled' },
    { line: '::save-state::b', says: "Required field 'name' is missing" },
    { line: '::stop-commands::error', says: 'Invalid stop-commands token' },
  ])('fails the step for $line', async ({ line, says }) => {
    const result = await run({ main: `console.log(${JSON.stringify(line)});` });
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'failure' });
    expect(messages(result)).toEqual([
      `Unable to process command '${line}' successfully.`,
      expect.stringContaining(says),
    ]);
  });
});

describe('masks', () => {
  it('hide a value, each of its lines and its encodings from then on', async () => {
    const result = await run({
      main: `console.log('before abcdef');
        console.log('::add-mask::abcdef%0Aghijkl');
        console.log('now abcdef, ghijkl, ' + Buffer.from('xabcdefx').toString('base64'));
        console.log('::error::abcdef');
        write('GITHUB_OUTPUT', 'leak=abcdef\\n');
        write('GITHUB_STEP_SUMMARY', '# abcdef\\n');`,
    });
    expect(result.log.slice(-3)).toEqual(['before abcdef', 'now ***, ***, eGFi***Zng=', 'Error: ***']);
    expect(messages(result)).toEqual(['***']);
    expect([result.outputs, result.rawOutputs]).toEqual([{ leak: '***' }, { leak: 'abcdef' }]);
    expect([result.summary, result.rawSummary]).toEqual(['# ***\n', '# abcdef\n']);
    expect(result.masks).toContain('ghijkl');
    expect(result.rawLines).toContain('::error::abcdef');
  });

  it('are not made of nothing', async () => {
    const result = await run({ main: "console.log('::add-mask::\\na b');" });
    expect(result.log.slice(-2)).toEqual([
      "Warning: Can't add secret mask for empty string in ##[add-mask] command.",
      'a b',
    ]);
  });
});

describe('command files', () => {
  it('are empty at the start of each stage', async () => {
    const print = `import { readFileSync } from 'node:fs';
      console.log(JSON.stringify(readFileSync(process.env.GITHUB_OUTPUT, 'utf8')));
      write('GITHUB_OUTPUT', 'a=1\\n');`;
    const result = await run({ main: print, post: print });
    expect([result.rawLines, result.post?.rawLines]).toEqual([['""'], ['""']]);
  });

  const grammar = [
    { text: 'a=1\n\nb=x<<y=z\n', gives: { a: '1', b: 'x<<y=z' } },
    { text: 'a=1\na=2', gives: { a: '2' } },
    { text: 'a<<EOF\none\n\ntwo=2\nEOF\nb=\n', gives: { a: 'one\n\ntwo=2', b: '' } },
    { text: 'a<<EOF\nEOF\n', gives: { a: '' } },
    {
      text: 'a=1\nb<<EOF\nlost\n',
      throws: "Invalid value. Matching delimiter not found 'EOF'",
      keeps: { a: '1' },
    },
    { text: 'words\n', throws: "Invalid format 'words'", keeps: {} },
    { text: '=1\n', throws: "Invalid format '=1'. Name must not be empty", keeps: {} },
    {
      text: '<<EOF\n',
      throws: "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty",
      keeps: {},
    },
  ];

  it.each(grammar)('read $text', async ({ text, gives, throws, keeps }) => {
    const result = await run({ main: `write('GITHUB_OUTPUT', ${JSON.stringify(text)});` });
    expect(result.outputs).toEqual(gives ?? keeps);
    expect(result.conclusion).toBe(throws === undefined ? 'success' : 'failure');
    expect(messages(result)).toEqual(
      throws === undefined ? [] : ["Unable to process file command 'output' successfully.", throws],
    );
  });

  it('do not set NODE_OPTIONS', async () => {
    const result = await run({
      main: "write('GITHUB_ENV', 'NODE_OPTIONS=--no-warnings\\nMODE=a\\n');",
      post: 'console.log(process.env.NODE_OPTIONS, process.env.MODE);',
    });
    expect(messages(result)).toEqual([
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    ]);
    expect(result.post?.rawLines).toEqual(['undefined a']);
  });

  it('put later folders in front of PATH', async () => {
    const result = await run({
      main: "write('GITHUB_PATH', '/first\\n/second\\n');",
      post: "console.log(process.env.PATH.startsWith('/second:/first:'));",
    });
    expect(result.post?.rawLines).toEqual(['true']);
  });

  it('show no summary beyond one mebibyte, and the step stands', async () => {
    const result = await run({
      main: "write('GITHUB_STEP_SUMMARY', 'x'.repeat(1048577)); write('GITHUB_OUTPUT', 'a=1\\n');",
    });
    expect([result.summary, result.conclusion, result.outputs]).toEqual(['', 'success', { a: '1' }]);
    expect(messages(result)).toEqual([
      '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1025k.',
    ]);
  });
});

describe('stages', () => {
  it('carry state from main to post, which runs even when main crashes', async () => {
    const result = await run({
      main: "write('GITHUB_STATE', 'rolloutId<<E\\nr-1\\nE\\n'); console.log('::save-state name=old::1'); process.exit(7);",
      post: 'console.log(process.env.STATE_rolloutId, process.env.STATE_old);',
    });
    expect(result).toMatchObject({ exitCode: 7, signal: null, conclusion: 'failure' });
    expect(result.post).toMatchObject({ rawLines: ['r-1 1'], conclusion: 'success' });
  });

  it.each([
    { postIf: 'failure() || cancelled()', main: '', runs: false },
    { postIf: 'failure() || cancelled()', main: 'process.exitCode = 1;', runs: true },
    { postIf: 'always()', main: '', runs: true },
  ])('run post by $postIf: $runs', async ({ postIf, main, runs }) => {
    const result = await run({ postIf, main, post: "console.log('post');" });
    expect(result.post?.rawLines).toEqual(runs ? ['post'] : undefined);
  });

  it('have no post without one in the manifest', async () => {
    expect(await run({ main: '' })).not.toHaveProperty('post');
  });
});

describe('cancellation', () => {
  it('interrupts first, and keeps what a handler writes before it ends', async () => {
    const result = await run({
      grace: GRACE,
      main: `process.on('SIGINT', () => { write('GITHUB_OUTPUT', 'outcome=cancelled\\n'); process.exit(1); });
        console.log('watching'); ${WAIT}`,
      post: "console.log('post');",
      cancelWhen: (line) => line === 'watching',
    });
    expect(result).toMatchObject({
      exitCode: 1,
      signal: null,
      conclusion: 'cancelled',
      outputs: { outcome: 'cancelled' },
    });
    expect(result.post).toMatchObject({ rawLines: ['post'], conclusion: 'success' });
  });

  it('terminates who ignores the interrupt', async () => {
    const result = await run({
      grace: GRACE,
      main: `process.on('SIGINT', () => console.log('ignored')); console.log('watching'); ${WAIT}`,
      cancelWhen: (line) => line === 'watching',
    });
    expect(result).toMatchObject({ signal: 'SIGTERM', conclusion: 'cancelled' });
    expect(result.rawLines).toEqual(['watching', 'ignored']);
  });

  it('kills who swallows both signals, with all that it started', async () => {
    const result = await run({
      grace: GRACE,
      main: `import { spawn } from 'node:child_process';
        process.on('SIGINT', () => {}); process.on('SIGTERM', () => {});
        spawn(process.execPath, ['-e', ${JSON.stringify(WAIT)}], { stdio: 'inherit' });
        console.log('watching'); ${WAIT}`,
      cancelWhen: (line) => line === 'watching',
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', conclusion: 'cancelled' });
  });

  it('is a button as well', async () => {
    const action = await startTinyAction({ grace: GRACE, main: WAIT });
    action.cancel();
    expect(await action.result).toMatchObject({ conclusion: 'cancelled' });
  });

  it('leaves post alone when the machine kills main, which is a failure', async () => {
    const result = await run({
      main: `write('GITHUB_STATE', 'rolloutId=r-1\\n'); console.log('watching'); ${WAIT}`,
      post: 'console.log(process.env.STATE_rolloutId);',
      killWhen: (line) => line === 'watching',
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', conclusion: 'failure' });
    expect(result.post).toMatchObject({ rawLines: ['r-1'], conclusion: 'success' });
  });

  it('of a machine is a button as well', async () => {
    const action = await startTinyAction({ main: WAIT });
    action.kill();
    expect(await action.result).toMatchObject({ signal: 'SIGKILL', conclusion: 'failure' });
  });

  it('of a machine that is lost leaves nobody to run post', async () => {
    const action = await startTinyAction({ main: WAIT, post: '' });
    action.lose();
    const result = await action.result;
    expect(result).toMatchObject({ signal: 'SIGKILL', conclusion: 'failure' });
    expect(result.post).toBeUndefined();
  });

  it('is how a step times out, which fails it', async () => {
    const result = await run({ grace: GRACE, timeoutMs: 100, main: WAIT });
    expect(result.conclusion).toBe('failure');
    expect(messages(result)).toEqual(['The action has timed out.']);
  });
});

it('reads lines that arrive in pieces, and the last one without an end', async () => {
  const result = await run({
    main: `const pieces = ['on', 'e\\r', '\\ntwo\\rth', 'ree', '\\n\\nlast'];
      for (const piece of pieces) await new Promise((done) => process.stdout.write(piece, done));`,
  });
  expect(result.rawLines).toEqual(['one', 'two', 'three', '', 'last']);
});

it('counts one line end where CR and LF arrive apart', async () => {
  // Three bytes a line, so that the pieces of a pipe end at every one of them in turn.
  const result = await run({ main: "process.stdout.write('x\\r\\n'.repeat(200000));" });
  expect(result.rawLines).toHaveLength(200_000);
  expect(new Set(result.rawLines)).toEqual(new Set(['x']));
});

it('does not wait for a process that the action left behind', async () => {
  const result = await run({
    main: `import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', ${JSON.stringify(WAIT)}], { stdio: 'inherit' }).unref();`,
  });
  expect(result).toMatchObject({ exitCode: 0, conclusion: 'success' });
});
