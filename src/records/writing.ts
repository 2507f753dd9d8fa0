import type { Held } from './holding';
import type { Lifetimes } from './key-value-store';
import { NeedsKeys } from './lock';

/** A part of what a change writes, or the keys that must be held for it. */
export type Part = Map<string, unknown> | NeedsKeys;

interface Writing {
  held: Held<unknown>;
  lifetimes?: Lifetimes | undefined;
}

/** Carries a whole change in one `set`; the keys that must be held first, where some are missing. */
export async function write<T>(
  { held: { values }, lifetimes }: Writing,
  parts: readonly Part[],
  outcome: T,
): Promise<T | NeedsKeys> {
  const missing = parts.flatMap((part) => (part instanceof NeedsKeys ? [...part.keys] : []));
  if (missing.length > 0) return new NeedsKeys(missing);
  const all = new Map(parts.flatMap((part) => (part instanceof NeedsKeys ? [] : [...part])));
  if (all.size > 0) await values.set(all, lifetimes);
  return outcome;
}
