/** Field numbers of one message: number -> `name:type`; `[]` before a repeated type, `{}` before the value type of a map with string keys. */
export type ProtoMessage = Record<string, string>

const message = /^message (\w+) \{\n([\s\S]*?)^\}/gm
const field = /^\s+(?:optional |repeated )?(?:map<string, ([.\w]+)>|([.\w]+)) (\w+) = (\d+);/

const scalars = new Set(['string', 'bool', 'int32', 'int64', 'bytes', 'double'])

/**
 * Reads generated.proto files of the API: kubectl's typed commands (`create configmap`, `auth can-i`) send protobuf.
 * @param sources the text by package: `k8s.io.api.core.v1`
 */
export function protoFields(sources: ReadonlyMap<string, string>): Map<string, ProtoMessage> {
  const messages = new Map<string, ProtoMessage>()
  for (const [place, text] of sources)
    for (const [, name = '', body = ''] of text.matchAll(message)) {
      const fields: ProtoMessage = {}
      for (const line of body.split('\n')) {
        const found = field.exec(line)
        if (found === null) continue
        const [, value, type = '', fieldName = '', number = ''] = found
        const many = line.includes('repeated ') ? '[]' : ''
        fields[number] =
          `${fieldName}:${value === undefined ? `${many}${qualified(type, place)}` : `{}${qualified(value, place)}`}`
      }
      messages.set(definitionName(`${place}.${name}`), fields)
    }
  return messages
}

function qualified(type: string, place: string): string {
  if (scalars.has(type)) return type
  return definitionName(type.startsWith('.') ? type.slice(1) : type.includes('.') ? type : `${place}.${type}`)
}

/** `k8s.io.api.core.v1.Pod` as the schema names it. */
function definitionName(name: string): string {
  return name.replace(/^k8s\.io\./, 'io.k8s.')
}
