import { getAdapter, type AxiosAdapter } from 'axios';

/**
 * Sends over HTTP and gives each attempt `timeout` milliseconds, from dialling to the last byte. The time-out of axios
 * is for silence only: it would wait for ever for an answer that comes byte by byte.
 * @param closed ends every attempt under way
 */
export function sendWithin(timeout: number, closed: AbortSignal): AxiosAdapter {
  const send = getAdapter('http');
  return async (config) => {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const timer = setTimeout(stop, timeout);
    closed.addEventListener('abort', stop, { once: true });
    try {
      return await send({ ...config, signal: attempt.signal });
    } finally {
      clearTimeout(timer);
      closed.removeEventListener('abort', stop);
    }
  };
}
