import { randomUUID } from 'node:crypto';
import type { Channel } from './channel';
import type { Client, RedisConnection } from './redis-connection';

type Listener = (message: string) => void;

/** Tells other processes through Redis's publish and subscribe, which keeps nothing for who is away. */
export class RedisChannel implements Channel {
  /** Marks what this process tells: it hears that too. */
  readonly #sender = randomUUID();
  readonly #listeners = new Map<string, Set<Listener>>();
  #client: Client | null = null;

  constructor(private readonly connection: RedisConnection) {}

  publish(topic: string, message: string): void {
    const text = `${this.#sender} ${message}`;
    const name = this.#nameOf(topic);
    // The records themselves report that Redis is away, and nothing depends on this.
    this.connection.ask('told', (client) => client.publish(name, text)).catch(() => undefined);
  }

  subscribe(topic: string, listener: Listener): () => void {
    const name = this.#nameOf(topic);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    if (listeners.size === 1) this.#follow([name]);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || !this.#listeners.delete(name)) return;
      this.#client?.unsubscribe(name).catch(() => undefined);
    };
  }

  close(): void {
    this.#listeners.clear();
    this.#client?.disconnect();
    this.#client = null;
  }

  /** As soon as it is connected, and after each time that the connection was lost. */
  #follow(names: string[]): void {
    if (this.#client?.status === 'ready') {
      this.#client.subscribe(...names).catch(() => undefined);
      return;
    }
    if (this.#client) return;
    const client = this.connection.listener();
    this.#client = client;
    client.on('ready', () => {
      const all = [...this.#listeners.keys()];
      if (all.length > 0) client.subscribe(...all).catch(() => undefined);
    });
    client.on('message', (name: string, text: string) => this.#hear(name, text));
  }

  #hear(name: string, text: string): void {
    const [sender] = text.split(' ', 1);
    if (sender === this.#sender) return;
    const message = text.slice(sender!.length + 1);
    for (const listener of this.#listeners.get(name) ?? []) listener(message);
  }

  #nameOf(topic: string): string {
    return `${this.connection.prefix}${topic}`;
  }
}
