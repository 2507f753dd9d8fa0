import type { JsonObject } from '../json';
import type { Faults } from './faults';
import { changeIn, isTerminate, listAt } from './webhook-parts';

/** What else Meta tells after a call (calling reference, 2026-06-26), and a field that does not exist yet. */
const EVENTS: readonly JsonObject[] = [
  {
    event: 'call_recording_available',
    call_recording: { audio: { id: '1', sha256: 'c2hh', mime_type: 'audio/ogg' } },
  },
  {
    event: 'call_transcription_available',
    call_transcript: { document: { id: '2', sha256: 'c2hh', mime_type: 'text/plain' } },
  },
  { event: 'call_created' },
  { event: 'call_of_the_future', depth: [[{ any: null }]] },
];

/** Another webhook that comes along with this one; null where none does. */
export function companionOf(news: object, faults: Faults): JsonObject | null {
  if (!isTerminate(news) || !faults.strikes('unknown-events')) return null;
  const { value } = changeIn(news);
  const [call = {}] = listAt(value, 'calls');
  const event = faults.pick('unknown-events', [...EVENTS, null]);
  const change =
    event === null
      ? { field: 'calls_of_the_future', value: { metadata: value['metadata'] } }
      : { field: 'calls', value: { ...value, calls: [{ ...withoutEnd(call), ...event }] } };
  return { ...(news as JsonObject), entry: [{ ...entryOf(news), changes: [change] }] };
}

const entryOf = (news: object): JsonObject => listAt(news as JsonObject, 'entry')[0] ?? {};

function withoutEnd(call: JsonObject): JsonObject {
  const kept = ['id', 'direction', 'timestamp', 'from', 'to', 'to_user_id', 'from_user_id'];
  return Object.fromEntries(Object.entries(call).filter(([key]) => kept.includes(key)));
}
