/** What the emulated API says no with. */

/** The error words of docs /api-reference/introduction, and two of the contract. */
export type RefusalCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'version_not_found'
  | 'conflict'
  | 'unprocessable'
  | 'rate_limited';

const STATUS_OF: Readonly<Record<RefusalCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  version_not_found: 404,
  conflict: 409,
  unprocessable: 422,
  rate_limited: 429,
};

/** A request that the API understood and did not do. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.status = STATUS_OF[code];
  }
}

/** A path that the emulated server has no route for, as its profile wants it: FastAPI's own 404. */
export class RouteAbsent extends Error {
  constructor() {
    super('Not Found');
    this.name = 'RouteAbsent';
  }
}
