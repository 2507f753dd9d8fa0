import type { CallingEvent } from '../../src/actions';
import type { Channel } from '../../src/records';

type Holder = (event: CallingEvent) => void;

/**
 * Who holds a call's media, by call id. Webhooks arrive at any instance, and only that one tells the flow; the one that
 * holds the media hears of it through the channel.
 */
export class CallHolders {
  readonly #holders = new Map<string, Holder>();
  readonly #topic: string;
  readonly #stop: () => void;

  constructor(
    private readonly channel: Channel,
    /** Names the account's number in all processes. */
    number: string,
  ) {
    this.#topic = `${number}calls`;
    this.#stop = channel.subscribe(this.#topic, (text) => this.#hear(text));
  }

  /** Hears what happens to a call until it has ended; returns what stops it. */
  hold(callId: string, holder: Holder): () => void {
    this.#holders.set(callId, holder);
    return () => void this.#holders.delete(callId);
  }

  /** Tells who holds the call that the event is about, wherever that is. */
  tell(event: CallingEvent): void {
    const id = event.call?.id;
    if (!id) return;
    if (this.#holders.has(id)) this.#pass(id, event);
    else this.channel.publish(this.#topic, JSON.stringify(event));
  }

  close(): void {
    this.#stop();
    this.#holders.clear();
  }

  #hear(text: string): void {
    const event = eventIn(text);
    const id = event?.call?.id;
    if (event && id) this.#pass(id, event);
  }

  #pass(id: string, event: CallingEvent): void {
    this.#holders.get(id)?.(event);
    if (event.type === 'call-ended') this.#holders.delete(id);
  }
}

/** Anybody who may write to Redis may publish anything there. */
function eventIn(text: string): CallingEvent | null {
  try {
    return JSON.parse(text) as CallingEvent | null;
  } catch {
    return null;
  }
}
