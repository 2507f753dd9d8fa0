import type { WebhookAttempt } from '../../src/simulator';
import { numbersOf, type Person } from './population';
import { newsIn, type News } from './wire';

/** One piece of news out of an acknowledged webhook, and by which names of the user it came. */
export interface Letter {
  news: News;
  /** The change that tells of the whole number; null for anything else. */
  value: unknown;
  hasNumber: boolean;
  hasUserId: boolean;
}

/** What an acknowledged webhook told, read from what WhatsApp had to tell and from what was left of it on the wire. */
export function lettersIn(
  { news, body }: WebhookAttempt,
  find: (waId: string) => Person,
): Letter[] {
  return news.flatMap((told) => newsIn(told).map((one) => letterOf(one, told, body, find)));
}

function letterOf(news: News, told: object, body: unknown, find: (waId: string) => Person): Letter {
  const { value } = (told as Wire).entry[0].changes[0];
  if (news.waId === null) return { news, value, hasNumber: false, hasUserId: false };
  const person = find(news.waId);
  const { userId } = person;
  const numbers = numbersOf(person);
  const text = JSON.stringify(
    partsAbout(news, body, userId === null ? numbers : [...numbers, userId]),
  );
  const hasNumber = numbers.some((number) => text.includes(`"${number}"`));
  return { news, value, hasNumber, hasUserId: userId !== null && text.includes(`"${userId}"`) };
}

// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;

/** The items with the id of the news, and the contacts that belong to them. */
function partsAbout(news: News, body: Wire, names: string[]): unknown[] {
  const id = 'id' in news ? news.id : null;
  const values = body.entry.flatMap((entry: Wire) => entry.changes).map(({ value }: Wire) => value);
  return values.flatMap((value: Wire) => {
    const items = ['calls', 'statuses', 'messages'].flatMap((key) => value[key] ?? []);
    const about = items.filter((item: Wire) => id === null || item.id === id);
    if (about.length === 0) return [];
    const contacts = (value.contacts ?? []).filter(
      (contact: Wire) =>
        items.length === 1 || names.includes(contact.wa_id) || names.includes(contact.user_id),
    );
    return [...about, ...contacts];
  });
}
