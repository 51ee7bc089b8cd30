/** Error bodies in every shape that a public source shows. */
import { type EmulatorReply, jsonReply, textReply } from './exchange.ts';
import { Refusal, RouteAbsent } from './refusal.ts';
import type { Switches } from './switches.ts';

const CONTRACT_CODES: Readonly<Record<string, string>> = {
  bad_request: 'invalid_input',
  unauthorized: 'invalid_api_key',
  not_found: 'model_not_found',
  conflict: 'invalid_input',
  unprocessable: 'invalid_input',
};

/**
 * Returns the answer to what went wrong: a refusal in the shape of the profile, a route that is not there as
 * FastAPI says it, anything else as 500.
 *
 * Shapes: `documented` docs /api-reference/introduction; `contract` octomil-ios bd482a5; `fastapi` and `text`
 * octomil-python 3c7bad6.
 */
export function errorReply(thrown: unknown, shape: Switches['error-body'], requestId: string): EmulatorReply {
  if (thrown instanceof RouteAbsent) return jsonReply({ detail: 'Not Found' }, 404);
  if (!(thrown instanceof Refusal)) {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return jsonReply({ error: 'internal_error', message, status_code: 500 }, 500);
  }
  const { code, message, status } = thrown;
  switch (shape) {
    case 'documented':
      return jsonReply({ error: code, message, status_code: status }, status);
    case 'contract':
      return jsonReply(
        { code: CONTRACT_CODES[code] ?? code, message, request_id: requestId, retryable: status === 429 },
        status,
      );
    case 'fastapi':
      return jsonReply({ detail: message }, status);
    case 'text':
      return textReply(message, 'text/plain; charset=utf-8', status);
  }
}

/** Returns the loud answer to a request that the emulator has no route for. */
export function unknownRouteReply(method: string, path: string): EmulatorReply {
  const message = `the emulator has no route ${method} ${path}`;
  return jsonReply({ error: 'not_implemented', message, status_code: 501 }, 501);
}
