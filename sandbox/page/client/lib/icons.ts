import { type Drawn, html } from './html.ts'

/** Outlines on a grid of 20, drawn with the colour of the text; decoration, so the button around them carries the name. */
const paths = {
  menu: 'M3 5h14M3 10h14M3 15h14',
  close: 'M5 5l10 10M15 5L5 15',
  hash: 'M8 3L6 17M14 3l-2 14M3 7h14M3 13h14',
  home: 'M3 9.5L10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-4H8v4H4a1 1 0 0 1-1-1z',
  pin: 'M7 3h6l-.7 5 2.7 3H5l2.7-3zM10 11v6',
  people:
    'M7.5 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM2.5 16c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5M13 4.3a2.5 2.5 0 0 1 0 4.5M14.5 11.8c1.8.6 3 2.1 3 4.2',
  panel: 'M3 4h14v12H3zM12 4v12',
  send: 'M3 16.5l14-6.5L3 3.5l2 6.5zM5 10h5',
  reply: 'M4 4h12v9H9l-4 3.5V13H4z',
  smile:
    'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM7 12c.7 1.2 1.8 1.8 3 1.8s2.3-.6 3-1.8M7.5 7.8v.4M12.5 7.8v.4',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  down: 'M10 4v12M5 11l5 5 5-5',
  chevron: 'M6 8l4 4 4-4',
  right: 'M8 5l5 5-5 5',
  link: 'M8.5 11.5l3-3M7 9l-2 2a2.8 2.8 0 0 0 4 4l2-2M13 11l2-2a2.8 2.8 0 0 0-4-4L9 7',
  file: 'M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  external: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
  check: 'M4 10.5l4 4 8-9',
  alert: 'M10 3l8 14H2zM10 8v4M10 14.5v.01',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name }: { name: IconName }): Drawn =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`
