/** What other processes that share the records are told. It may be lost: nothing may depend on it but haste. */
export interface Channel {
  /** Tells all other processes. */
  publish(topic: string, message: string): void;

  /** Hears what other processes tell; returns what stops it. */
  subscribe(topic: string, listener: (message: string) => void): () => void;
}

/** There is no other process, or no way to tell it anything. */
export const nobodyElse: Channel = {
  publish: () => undefined,
  subscribe: () => () => undefined,
};
