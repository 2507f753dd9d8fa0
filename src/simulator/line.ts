import type { Clock } from '../clock';
import type { Delays } from './delays';
import type { Faults } from './faults/faults';
import type { Limits } from './limits';
import type { NumberSettings } from './number-settings';
import type { Random } from './random';

/** What the desks of one business number (calls, messages, permissions) share. */
export interface Line {
  /** Phone number id. */
  readonly id: string;
  /** Digits only. */
  readonly displayNumber: string;
  readonly businessAccountId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly settings: NumberSettings;
  readonly faults: Faults;
  /** A new id, unique also among simulators that started at different times. */
  newId(prefix: 'wamid' | 'wacid'): string;
  /** A random wait of that kind, milliseconds. */
  delay(kind: keyof Delays): number;
  /** Sends a webhook body after a random wait of that kind. */
  tellAfter(kind: keyof Delays, body: object): void;
  /** Sends a webhook body now; resolves when it was answered, or laid aside to be sent again. */
  tell(body: object): Promise<void>;
}
