import assert from 'node:assert/strict';
import type { VirtualNumber, VirtualUser } from '../../../src/simulator';
import { Stage, USER } from './stage';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ANA = { payload: `+${USER}` };

/** A stage with one user, Ana, and what happens between her and the business. */
export class AnasStage extends Stage {
  get user(): VirtualUser {
    return this.simulator.user(USER);
  }

  get number(): VirtualNumber {
    return this.simulator.numbers[0]!;
  }

  /** Where a message about her leaves, and why. */
  async leaves(id: string): Promise<string> {
    const { output, msg } = await this.send(id, { ...ANA });
    return output === 0 ? `caught ${msg['error'].code}` : `${output} ${msg['permission'].reason}`;
  }

  /** She is asked and allows calls. */
  async permit(kind: 'temporary' | 'permanent' = 'temporary'): Promise<void> {
    await this.send('check', { ...ANA });
    await this.pass(MINUTE);
    await this.send('request', { ...ANA });
    await this.pass(MINUTE);
    this.user.accept(undefined, kind);
    await this.pass(MINUTE);
  }

  /** She is called and takes it so; returns when the call is over. */
  async call(how: 'answer' | 'reject' | 'ignore'): Promise<void> {
    const { output, msg } = await this.send('place', { ...ANA });
    assert.equal(output, 1, `not placed: ${msg['permission']?.reason}`);
    await this.pass(10_000);
    if (how !== 'ignore') this.user[how]();
    await this.pass(2 * MINUTE);
    if (how === 'answer') this.user.hangUp();
    await this.pass(MINUTE);
  }
}
