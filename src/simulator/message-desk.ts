import { GraphError } from './graph-errors';
import type { Line } from './line';
import type { Pair } from './pair';
import type { PermissionDesk } from './permission-desk';
import { messageStatus, userText } from './webhook-bodies';

/** What the business sends. Only a template may go out when the service window is shut. */
export interface OutgoingMessage {
  isRequest: boolean;
  isTemplate: boolean;
}

/** Takes messages to the phones, or reports why they failed. */
export class MessageDesk {
  /** Permission requests that are not on the phone yet, by their pair. */
  readonly #onTheWay = new Map<Pair, () => void>();

  constructor(
    private readonly line: Line,
    private readonly permissions: PermissionDesk,
  ) {}

  /** Accepts a message (HTTP 200, which is not its delivery) and returns its id. */
  send(pair: Pair, message: OutgoingMessage): string {
    const { clock } = this.line;
    const id = this.line.newId('wamid');
    const failure = this.#failure(pair, message);
    const arrival = clock.now() + this.line.delay('delivered');
    if (failure !== null) {
      clock.schedule(arrival, () => this.line.tell(messageStatus(this.line, pair, id, failure)));
      return id;
    }
    clock.schedule(clock.now() + this.line.delay('sent'), () =>
      this.line.tell(messageStatus(this.line, pair, id, 'sent')),
    );
    if (message.isRequest) this.#bring(pair, id, arrival);
    else clock.schedule(arrival, () => this.#tellDelivered(pair, id));
    return id;
  }

  /** The user looks at the phone before the script would have it: a request on the way arrives now. */
  hurry(pair: Pair): void {
    this.#onTheWay.get(pair)?.();
  }

  /** The user writes to the business. */
  write(pair: Pair, text: string): void {
    pair.openServiceWindow(this.line.clock.now());
    this.line.tellAfter('inbound', userText(this.line, pair, text));
  }

  #failure(pair: Pair, message: OutgoingMessage): GraphError | null {
    if (pair.user === null) return new GraphError(131026, 'Not a WhatsApp number.');
    if (message.isRequest && this.line.faults.strikes('request-undelivered')) {
      return new GraphError(131026, 'The app is too old for it.');
    }
    const mayWrite = message.isTemplate || pair.isServiceWindowOpen(this.line.clock.now());
    return mayWrite
      ? null
      : new GraphError(131047, 'More than 24 hours since the user last wrote.');
  }

  #bring(pair: Pair, id: string, arrival: number): void {
    // Two requests to one user never travel at once out of order: the earlier arrives first.
    this.hurry(pair);
    const arrive = (): void => {
      cancel();
      this.#onTheWay.delete(pair);
      this.permissions.requestArrived(pair, id);
      this.line.clock.schedule(this.line.clock.now(), () => this.#tellDelivered(pair, id));
    };
    const cancel = this.line.clock.schedule(arrival, arrive);
    this.#onTheWay.set(pair, arrive);
  }

  #tellDelivered(pair: Pair, id: string): Promise<void> {
    return this.line.tell(messageStatus(this.line, pair, id, 'delivered'));
  }
}
