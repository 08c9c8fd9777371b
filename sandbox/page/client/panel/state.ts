import { signal } from '@preact/signals'

export const tabs = ['scenarios', 'cluster', 'paging'] as const
export type Tab = (typeof tabs)[number]

const kept = 'rescue-panel'
const wide = () => matchMedia('(min-width: 1100px)').matches
const before = localStorage.getItem(kept)

/** Open at first where there is room for it; afterwards as it was left. */
export const panelOpen = signal(wide() && before !== 'closed')
export const tab = signal<Tab>(tabs.find((one) => one === sessionStorage.getItem(`${kept}-tab`)) ?? 'scenarios')

export function showPanel(open: boolean): void {
  panelOpen.value = open
  if (wide()) localStorage.setItem(kept, open ? 'open' : 'closed')
}

export function showTab(name: Tab): void {
  tab.value = name
  sessionStorage.setItem(`${kept}-tab`, name)
}
