import { count, names, note, noteRecords } from './notes';
import { openStore } from './open-store';

/** Adds notes to one contact, all at once, and counts them in the account's state: `<place> <name> <how many>`. */
async function main([place, name, many]: string[]): Promise<void> {
  const opened = openStore(place!);
  const { records } = noteRecords(opened.store);
  const contact = names({ waId: '34600111222' });
  const each = Array.from({ length: Number(many) }, (_, i) => `${name}-${i}`);
  await Promise.all([
    ...each.map((text) => records.update(contact, note(text))),
    ...each.map(() => records.updateAccount(count(1))),
  ]);
  await opened.close();
}

void main(process.argv.slice(2));
