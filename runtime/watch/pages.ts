import type { Page } from '../observe/watch-part.ts'
import html from './page/index.html'
import script from './page/main.ts?script'
import style from './page/style.css'

/** The dashboard: one page that asks the pipeline that it comes from, and nobody else. */
export const pages: Readonly<Record<string, Page>> = Object.freeze({
  '/': { type: 'text/html; charset=utf-8', text: html },
  '/dashboard.css': { type: 'text/css; charset=utf-8', text: style },
  '/dashboard.js': { type: 'text/javascript; charset=utf-8', text: script }
})
