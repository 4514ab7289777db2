import type { Theme } from 'vitepress'
import theme from 'vitepress/theme-without-fonts'
import './style.css'

export default {
  extends: theme,
  enhanceApp({ router }) {
    // The first page has no main landmark of its own; one that was loaded has it from the HTML (.vitepress/config.ts).
    router.onAfterRouteChange = () => {
      if (typeof document !== 'undefined') document.querySelector('.VPHome')?.setAttribute('role', 'main')
    }
  },
} satisfies Theme
