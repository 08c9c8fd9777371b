/** The workspace writes its lines ("joined", "set the topic") in English; these are the same in Spanish. */
const spanish: readonly (readonly [RegExp, string])[] = [
  [/^set the channel topic: /, 'cambió el tema del canal: '],
  [/^set the channel purpose: /, 'cambió el propósito del canal: '],
  [/^cleared the channel topic$/, 'borró el tema del canal'],
  [/^cleared the channel purpose$/, 'borró el propósito del canal'],
  [/^has renamed the channel from "(.*)" to "(.*)"$/, 'cambió el nombre del canal de "$1" a "$2"'],
  [/^archived (#\S+)$/, 'archivó $1'],
  [/^un-?archived (#\S+)$/, 'recuperó $1 del archivo'],
  [/^(<@\w+>) has joined the channel$/, '$1 se unió al canal'],
  [/^(<@\w+>) was added by (<@\w+>)$/, '$2 añadió a $1'],
  [/^(<@\w+>) has left the channel$/, '$1 salió del canal'],
]

export function inSpanish(line: string): string {
  const found = spanish.find(([pattern]) => pattern.test(line))
  return found ? line.replace(found[0], found[1]) : line
}
