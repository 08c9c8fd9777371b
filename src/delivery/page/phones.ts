import type { PagerDutyContext } from '../types.ts'

export type Phone = { readonly name: string; readonly phone: string }

/** Whom to call by hand: those on call as PagerDuty said last, then the catalog's numbers; each number once. */
export function phoneList(context: Pick<PagerDutyContext, 'catalog' | 'onCalls'>): readonly Phone[] {
  const onCall = (context.onCalls?.last() ?? []).flatMap(({ name, phones }) => phones.map((phone) => ({ name, phone })))
  const listed = Object.entries(context.catalog.pagerduty.phones).map(([name, phone]) => ({ name, phone }))
  const digits = (phone: string): string => phone.replace(/\D/g, '')
  const seen = new Set<string>()
  return [...onCall, ...listed].filter(({ phone }) => {
    if (seen.has(digits(phone))) return false
    seen.add(digits(phone))
    return true
  })
}
