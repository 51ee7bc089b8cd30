/** Every HTTP request and every connection that this process begins, whatever client begins it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

const REQUEST_BEGUN = 'http.client.request.start';
const SOCKET_MADE = 'net.client.socket';

/** Records requests and connections until it is stopped. */
export interface DialledHosts {
  /** Scheme, host and port of each request, by its own word. */
  readonly origins: ReadonlySet<string>;
  /** Address and port that sockets were connected to. */
  readonly peers: ReadonlySet<string>;
  stop(): void;
}

/** Starts recording: Node tells of each request before its name is resolved, and of each socket. */
export function recordDialledHosts(): DialledHosts {
  const origins = new Set<string>();
  const peers = new Set<string>();
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    origins.add(`${request.protocol}//${String(request.getHeader('host'))}`);
  };
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once('connect', () => peers.add(`${socket.remoteAddress}:${socket.remotePort}`));
  };
  subscribe(REQUEST_BEGUN, onRequest);
  subscribe(SOCKET_MADE, onSocket);
  return {
    origins,
    peers,
    stop() {
      unsubscribe(REQUEST_BEGUN, onRequest);
      unsubscribe(SOCKET_MADE, onSocket);
    },
  };
}
