/** Every shape of error body that a source shows is read; every other one is text. */
import { describe, expect, it } from 'vitest';
import { type ErrorBody, parseErrorBody } from '../../../src/octomil/error-body.ts';

interface Row {
  readonly shape: string;
  readonly body: string;
  readonly gives: Partial<ErrorBody>;
}

const ROWS: readonly Row[] = [
  {
    shape: 'the documented one',
    body: '{"error":"conflict","message":"rollout is paused","status_code":409}',
    gives: { code: 'conflict', text: 'rollout is paused', routeUnknown: false },
  },
  {
    shape: "the contract's",
    body: '{"code":"model_not_found","message":"no model","details":{},"request_id":"req_1","retryable":false}',
    gives: { code: 'model_not_found', text: 'no model', requestId: 'req_1' },
  },
  {
    shape: 'FastAPI text',
    body: '{"detail":"Rollout not found"}',
    gives: { code: null, text: 'Rollout not found', routeUnknown: false },
  },
  {
    shape: 'FastAPI validation',
    body: '{"detail":[{"loc":["body","percentage"],"msg":"too large","type":"x"},{"msg":"bad"}]}',
    gives: { text: 'body.percentage: too large; bad' },
  },
  { shape: "FastAPI's unknown route", body: '{"detail":"Not Found"}', gives: { routeUnknown: true } },
  {
    shape: 'an unknown route in plain text',
    body: 'Not Found\n',
    gives: { text: 'Not Found', routeUnknown: true },
  },
  {
    shape: 'the same words with a code',
    body: '{"detail":"Not Found","code":"x"}',
    gives: { routeUnknown: false, code: 'x' },
  },
  { shape: 'plain text', body: 'upstream failed', gives: { code: null, text: 'upstream failed' } },
  { shape: 'nothing', body: '', gives: { code: null, text: '', routeUnknown: false } },
  { shape: 'a page', body: '<html><body>502</body></html>', gives: { text: 'an HTML page' } },
  { shape: 'a code alone', body: '{"error":"forbidden"}', gives: { code: 'forbidden', text: 'forbidden' } },
  { shape: 'strange types', body: '{"error":{"a":1},"message":7,"detail":[3]}', gives: { code: null } },
  { shape: 'a list', body: '[1]', gives: { code: null, text: '[1]' } },
];

describe('parseErrorBody', () => {
  it.each(ROWS)('reads $shape', ({ body, gives }) => {
    expect(parseErrorBody(body)).toMatchObject(gives);
  });

  it('keeps one line of at most 500 characters', () => {
    const { text } = parseErrorBody(JSON.stringify({ message: `a\r\n::error::b\u202e${'x'.repeat(900)}` }));
    expect(text).toMatch(/^a ::error::b x+…$/);
    expect(text).toHaveLength(500);
  });
});
