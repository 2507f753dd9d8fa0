import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ReadRequest } from './answer';
import type { VirtualClock } from './clock';
import { ClockFollower, FOLLOW_PATH, FOLLOW_PROTOCOL } from './clock-follower';

/** Lets other processes follow the clock over connections to the simulator. */
export class ClockFollowers {
  readonly #connected = new Set<ClockFollower>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly isAllowed: (headers: ReadRequest['headers']) => boolean,
  ) {}

  /** Turns an HTTP request that asks for it into the connection of a follower, and refuses any other. */
  takeOver(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusal(request);
    if (refusal !== null)
      return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
    if (socket instanceof Socket) socket.setNoDelay(true);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${FOLLOW_PROTOCOL}\r\nConnection: Upgrade\r\n\r\n`,
    );
    const follower = new ClockFollower(this.clock, socket, head);
    this.#connected.add(follower);
    void follower.closed.then(() => this.#connected.delete(follower));
  }

  /** Cuts every connection. */
  close(): void {
    for (const follower of this.#connected) follower.close();
  }

  #refusal({ headers, url = '' }: IncomingMessage): string | null {
    if (!this.isAllowed(headers)) return '403 Forbidden';
    if (url.split('?')[0] !== FOLLOW_PATH) return '404 Not Found';
    return headers.upgrade === FOLLOW_PROTOCOL ? null : '400 Bad Request';
  }
}
