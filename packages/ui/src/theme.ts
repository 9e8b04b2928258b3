/** The look in Mantine's terms: one theme for every page. Colours are the variables of tokens.css. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The accent. Shade 6 carries white text at 6:1 (Mantine's default blue is 3.55:1). */
const moon: MantineColorsTuple = [
  '#f0f4ff',
  '#e0e8fd',
  '#c3d2fb',
  '#9bb4f7',
  '#6f92f0',
  '#4b74e6',
  '#3159cf',
  '#2849ad',
  '#233f8c',
  '#1f3670',
];

const red: MantineColorsTuple = [
  '#fef1f2',
  '#fde3e6',
  '#fac5cc',
  '#f59ba7',
  '#ec6a7b',
  '#d94059',
  '#c02b45',
  '#a1213a',
  '#841d32',
  '#6d1a2c',
];

const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f3f6',
  '#e9ecf1',
  '#dde1e8',
  '#cdd2db',
  '#a5acb9',
  '#646c7d',
  '#474e5d',
  '#2b313c',
  '#13161d',
];

const dark: MantineColorsTuple = [
  '#eceef2',
  '#c9ced8',
  '#b0b7c4',
  '#8b93a4',
  '#2e3541',
  '#222833',
  '#1a1e26',
  '#13161c',
  '#0f1217',
  '#0c0e12',
];

const controls = { size: 'sm' } as const;

export const theme = createTheme({
  primaryColor: 'moon',
  primaryShade: 6,
  colors: { moon, red, gray, dark },
  black: '#13161d',
  defaultRadius: 'sm',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  fontFamily: 'var(--mb-font)',
  fontFamilyMonospace: 'var(--mb-font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontFamily: 'var(--mb-font)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
      h4: { fontSize: '13px', lineHeight: '18px' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: controls },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: controls },
    NumberInput: { defaultProps: { ...controls, hideControls: true } },
    PasswordInput: { defaultProps: controls },
    Textarea: { defaultProps: { ...controls, autosize: true, minRows: 2 } },
    Select: { defaultProps: { ...controls, withCheckIcon: true, checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: controls },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Text: { defaultProps: { size: 'md' } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        withArrow: false,
        offset: 6,
        events: { hover: true, focus: true, touch: false },
      },
    },
    // The placeholder for the first focus is no item of a menu: axe refuses it.
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: 'md',
        offset: 6,
        transitionProps: { duration: 90 },
      },
    },
    Popover: { defaultProps: { shadow: 'md', offset: 6, transitionProps: { duration: 90 } } },
    Drawer: { defaultProps: { position: 'right', size: 480, transitionProps: { duration: 160 } } },
    // Within a dialog a header is no landmark of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Modal: { defaultProps: { centered: true, radius: 'lg', transitionProps: { duration: 120 } } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--mb-canvas)',
  '--mantine-color-text': 'var(--mb-ink)',
  '--mantine-color-bright': 'var(--mb-ink)',
  '--mantine-color-dimmed': 'var(--mb-ink-3)',
  '--mantine-color-placeholder': 'var(--mb-ink-3)',
  '--mantine-color-anchor': 'var(--mb-accent-ink)',
  '--mantine-color-default': 'var(--mb-surface)',
  '--mantine-color-default-hover': 'var(--mb-hover)',
  '--mantine-color-default-color': 'var(--mb-ink)',
  '--mantine-color-default-border': 'var(--mb-line-strong)',
  '--mantine-color-error': 'var(--mb-bad)',
  '--mantine-color-disabled': 'var(--mb-sunken)',
  '--mantine-color-disabled-color': 'var(--mb-ink-3)',
  '--mantine-color-disabled-border': 'var(--mb-line)',
  '--mantine-color-gray-text': 'var(--mb-ink-2)',
  '--mantine-color-gray-light-color': 'var(--mb-ink-2)',
  '--mantine-color-gray-outline': 'var(--mb-ink-3)',
  '--mantine-color-moon-light': 'var(--mb-accent-soft)',
  '--mantine-color-moon-light-color': 'var(--mb-accent-ink)',
  '--mantine-color-moon-text': 'var(--mb-accent-ink)',
  '--mantine-color-moon-outline': 'var(--mb-accent-ink)',
  '--mantine-color-red-light': 'var(--mb-bad-soft)',
  '--mantine-color-red-light-color': 'var(--mb-bad)',
  '--mantine-color-red-text': 'var(--mb-bad)',
  '--mantine-color-red-outline': 'var(--mb-bad)',
  '--mantine-shadow-md': 'var(--mb-shadow-float)',
  '--mantine-shadow-xl': 'var(--mb-shadow-float)',
};

/** Points Mantine's own variables at the tokens. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
