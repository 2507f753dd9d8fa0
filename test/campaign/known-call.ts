import { HOUR, MINUTE } from '../../src/rules';
import type { News } from './wire';

/** A placed call of which nothing is heard for so long may be over; an answered one, or a user's, after longer. */
const SILENCE = 5 * MINUTE;
const LONGEST_TALK = 4 * HOUR;

/** Something that we sent, and what came of it. Times are epoch milliseconds. */
export interface Sent {
  at: number;
  /** Whether WhatsApp did it, or would not: null where it never got to it. */
  isAccepted: boolean | null;
  /** Whether its answer reached us. */
  isAnswered: boolean;
}

/** A call as far as it can be known. Each moment is -Infinity or Infinity as long as it is not told. */
export interface KnownCall {
  id: string | null;
  isOurs: boolean;
  sent: Sent | null;
  begunAt: number;
  ringingAt: number;
  pickedUpAt: number | null;
  overAt: number;
  /** When the last of it was told, as WhatsApp dates it. */
  lastAt: number;
  isEndTold: boolean;
  isHungUp: boolean;
}

/** What a webhook tells of a call. */
export type CallNews = Exclude<News, { type: 'word' | 'other' | 'number' }>;

export const newCall = (id: string | null, isOurs: boolean, sent: Sent | null): KnownCall => ({
  id,
  isOurs,
  sent,
  begunAt: Infinity,
  ringingAt: -Infinity,
  pickedUpAt: null,
  overAt: Infinity,
  lastAt: -Infinity,
  isEndTold: false,
  isHungUp: false,
});

/** Something more is known of a call. */
export function learn(call: KnownCall, news: CallNews): void {
  call.begunAt = Math.min(call.begunAt, news.at);
  if (news.type !== 'call ended') call.lastAt = Math.max(call.lastAt, news.at);
  if (news.type === 'ringing') call.ringingAt = news.at;
  if (news.type === 'picked up') call.pickedUpAt ??= news.at;
  if (news.type === 'rejected') call.ringingAt = Math.max(call.ringingAt, news.at);
  if (news.type === 'rejected' || news.type === 'call ended') {
    call.overAt = Math.min(call.overAt, news.at);
  }
  if (news.type !== 'call ended') return;
  call.pickedUpAt = news.pickedUpAt ?? call.pickedUpAt;
  call.isEndTold = true;
}

/** When a call is over at the latest, by what is known of it. */
export function endOf({ sent, overAt, pickedUpAt, isOurs, begunAt, lastAt }: KnownCall): number {
  if (sent?.isAccepted === false && sent.isAnswered) return -Infinity;
  if (overAt !== Infinity) return overAt;
  if (pickedUpAt !== null) return pickedUpAt + LONGEST_TALK;
  return isOurs ? Math.max(sent?.at ?? -Infinity, lastAt) + SILENCE : begunAt + LONGEST_TALK;
}

/** A call that rang or was rejected and was not picked up. One that failed, or was taken back, may not have rung. */
export const isUnanswered = ({ isOurs, isEndTold, pickedUpAt, ringingAt }: KnownCall): boolean =>
  isOurs && isEndTold && pickedUpAt === null && ringingAt !== -Infinity;
