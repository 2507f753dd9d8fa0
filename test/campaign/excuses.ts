import type { News } from './wire';

/** Something that we sent and that WhatsApp refused. */
export interface Refusal {
  what: 'call' | 'request';
  /** WhatsApp's error code. */
  code: number;
  waId: string;
  /** Epoch milliseconds. */
  at: number;
  /** Whether WhatsApp was asked in the same millisecond: then its answer told whatever an answer tells. */
  isFresh: boolean;
}

/** What has to have happened at WhatsApp for a refusal that we could not foresee. Anything else we could have known. */
const REASONS: Readonly<Record<number, (news: News, refusal: Refusal) => boolean>> = {
  // No permission: the user or WhatsApp took it away.
  138006: (news, { isFresh }) => news.type === 'word' && !news.isGrant && !isFresh,
  // Permanent permission held: the user gave it.
  138017: (news, { isFresh }) =>
    news.type === 'word' && news.isGrant && news.until === Infinity && !isFresh,
  // Connected calls used up: the user picked up just before we hung up.
  138012: (news, { isFresh }) => isPickUp(news) && !isFresh,
  // A call is on: the user called us. No look-up tells that.
  138003: (news) => news.type === 'call begun' && !news.isOurs,
  // Too many calls at once: one of the number's users called us. No look-up tells that.
  138002: (news) => news.type === 'call begun' && !news.isOurs,
  // The number was restricted, or calling switched off. A look-up does not say which.
  138014: (news) => news.type === 'number',
  138000: (news) => news.type === 'number',
};

/** Refusals whose reason may lie with anybody. */
const ABOUT_THE_NUMBER: ReadonlySet<number> = new Set([138002]);

const isPickUp = (news: News): boolean =>
  news.type === 'picked up' ||
  (news.type === 'call ended' && news.isOurs && news.pickedUpAt !== null);

/** Whether the news, which arrives only now, tells of something before the refusal that explains it. */
export function isExcused(refusal: Refusal, news: News, now: number): boolean {
  const isAboutIt =
    news.waId === null || news.waId === refusal.waId || ABOUT_THE_NUMBER.has(refusal.code);
  if (!isAboutIt || news.at > refusal.at || now < refusal.at) return false;
  return REASONS[refusal.code]?.(news, refusal) ?? false;
}
