/**
 * Seven digits or more with nothing but space and signs of phone numbers between them; ids of messages and calls, in which
 * WhatsApp writes the user's number in Base64; and business-scoped user ids.
 */
const GIVES_AWAY =
  /\d(?:[\s().\u2010-\u2015\u00a0/-]{0,3}\d){6,}|\bwa[cm]id\.[\w+/=-]{7,}|\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{7,}/g;

/** Shortens what names a person in a text that somebody may log: phone numbers, user ids, ids of messages and calls. */
export const maskNumbers = (text: string): string => text.replaceAll(GIVES_AWAY, ends);

/** A text that is a name as a whole: enough to recognise it, too little to call it. */
export function mask(text: string): string {
  const short = text.slice(0, 24);
  return short.length <= 4 ? short : ends(short);
}

const ends = (text: string): string => `${text.slice(0, 2)}…${text.slice(-2)}`;
