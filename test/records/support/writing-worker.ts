import { names, note, noteRecords } from './notes';
import { openStore } from './open-store';

/** Writes notes of many contacts without end, and prints each as soon as it is acknowledged: `<place> <first>`. */
async function main([place, first]: string[]): Promise<void> {
  const { records } = noteRecords(openStore(place!).store);
  let next = Number(first);
  const write = async (): Promise<never> => {
    for (;;) {
      const text = String(next++);
      await records.update(names({ waId: `3460000${Number(text) % 50}` }), note(text));
      process.stdout.write(`${text}\n`);
    }
  };
  await Promise.all([write(), write(), write(), write()]);
}

void main(process.argv.slice(2));
