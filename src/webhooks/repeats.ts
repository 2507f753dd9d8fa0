import { createHash } from 'node:crypto';
import type { WebhookChange } from './change';

/** Enough for an hour of a busy number; WhatsApp repeats within seconds and minutes. */
const REMEMBERED = 10_000;

/**
 * Recognises changes that come a second time and of which the records keep no trace, or not for long: what is not about
 * calling, and the texts of somebody who writes a lot. Kept in memory only, so a repetition after a restart is not
 * recognised.
 */
export class Repeats {
  readonly #seen = new Set<string>();

  /**
   * Whether exactly this was told before. From now on it was. What has an id holds its time, if it has one; `at` may
   * be the moment of arrival, which is another one each time.
   */
  isRepeat({ id, at, raw }: Pick<WebhookChange, 'id' | 'at' | 'raw'>): boolean {
    const digest = createHash('sha1')
      .update(JSON.stringify([id ?? at, raw]))
      .digest('base64');
    if (this.#seen.has(digest)) return true;
    this.#seen.add(digest);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!);
    return false;
  }
}
