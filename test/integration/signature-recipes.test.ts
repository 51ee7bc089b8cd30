/** The code that docs/notifications.md gives to receivers tells genuine notifications from others. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../src/notify/signature.ts';
import { ROOT } from '../support/source-tree.ts';

const run = promisify(execFile);
const SECRET = 'whsec_0123456789abcdef';
const BODY = '{"text":"✅ Completed ä"}';
const AT = Date.UTC(2026, 10, 20, 10);
const GENUINE = signatureOf(SECRET, { at: AT, body: BODY });

interface Case {
  readonly title: string;
  readonly secret: string;
  readonly header: string;
  readonly body: string;
  readonly nowS: number;
  readonly gives: boolean;
}

const base = { secret: SECRET, header: GENUINE, body: BODY, nowS: AT / 1_000 + 60, gives: false };
const CASES: readonly Case[] = [
  { ...base, title: 'a genuine one', gives: true },
  { ...base, title: 'a genuine one from a clock that is ahead', nowS: AT / 1_000 - 60, gives: true },
  { ...base, title: 'another body', body: BODY.replace('Completed', 'Held') },
  { ...base, title: 'another secret', secret: `${SECRET}x` },
  { ...base, title: 'an old one', nowS: AT / 1_000 + 301 },
  { ...base, title: 'another time', header: GENUINE.replace(/t=\d+/, `t=${AT / 1_000 + 1}`) },
  { ...base, title: 'half a signature', header: GENUINE.slice(0, -2) },
  { ...base, title: 'no signature', header: '' },
  { ...base, title: 'a time that is none', header: GENUINE.replace(/t=\d+/, 't=NaN') },
  { ...base, title: 'a signature that is no text of its kind', header: `t=${AT / 1_000},v1=é` },
];

function snippet(language: string): string {
  const text = readFileSync(join(ROOT, 'docs/notifications.md'), 'utf8');
  const found = new RegExp(`\`\`\`${language}\n(?<code>[^]*?)\`\`\``).exec(text)?.groups?.['code'];
  if (found === undefined) throw new Error(`docs/notifications.md has no ${language} snippet`);
  return found;
}

/** Writes the snippet and a few lines that use it into a folder, and returns what it says to each case. */
async function verdictsOf(name: string, code: string, command: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'rollout-signature-'));
  try {
    await writeFile(join(folder, name), code);
    await writeFile(join(folder, 'cases.json'), JSON.stringify(CASES));
    const { stdout } = await run(command, [join(folder, name), join(folder, 'cases.json')]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const EXPECTED = CASES.map(({ gives }) => gives);

describe('the recipe for receivers', () => {
  it('in Node takes what is genuine and fresh, and nothing else', async () => {
    const uses = `
import { readFileSync } from 'node:fs';
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(cases.map((each) =>
  isGenuine(each.secret, each.header, Buffer.from(each.body, 'utf8'), each.nowS * 1000))));
`;
    expect(await verdictsOf('receiver.mjs', snippet('js') + uses, process.execPath)).toEqual(EXPECTED);
  });

  it.runIf(spawnSync('python3', ['--version']).status === 0)(
    'in Python takes what is genuine and fresh, and nothing else',
    async () => {
      const uses = `
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
print(json.dumps([is_genuine(c["secret"], c["header"], c["body"].encode(), c["nowS"]) for c in cases]))
`;
      expect(await verdictsOf('receiver.py', snippet('python') + uses, 'python3')).toEqual(EXPECTED);
    },
  );
});
