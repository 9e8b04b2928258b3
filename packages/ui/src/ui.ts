/** The page kit's face; see the README. Theme, provider, shortcuts and the like have their own modules. */
export { type ActOptions, useAct } from './acts.ts';
export { Link, type Search, useAddress, useGo, usePathParams, usePeriod } from './address.tsx';
export { ApiError, keyOf, useApi } from './calls.ts';
export { Chart, type ChartProps } from './chart.tsx';
export { CodeBlock } from './code-block.tsx';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
export { CopyButton } from './copy-button.tsx';
export { type Column, DataTable, type DataTableProps, type SortOrder } from './data-table.tsx';
export { DayInput, type DayInputProps, MomentInput } from './day-input.tsx';
export { Delta, type DeltaProps, Figure, StatCard, type StatCardProps } from './figures.tsx';
export { FileDrop, type FileDropProps } from './file-drop.tsx';
export { type Filter, FilterBar, type FilterBarProps, type Option } from './filter-bar.tsx';
export { Form, FormProblem, useZodForm, type ZodForm } from './form.tsx';
export { FormDrawer, type FormDrawerProps } from './form-drawer.tsx';
export type { Formats, NumberStyle, Numeric, ValueFormat } from './formats.ts';
export { Hint, type HintProps } from './hint.tsx';
export { type LiveEvent, type LiveState, useLive, useLiveReload, useLiveState } from './live.ts';
export { Page, type PageProps } from './page.tsx';
export type { Find, Found, PageAction, PageEntry, PageTable, Section } from './pages.ts';
export { Columns, Facts, Panel, type PanelProps } from './panel.tsx';
export { addDays, type Period, type PeriodKey, periodOf, todayIn } from './periods.ts';
export { PersonAvatar } from './person-avatar.tsx';
export { ProgressToTarget, type ProgressToTargetProps } from './progress-to-target.tsx';
export {
  type ReadMore,
  sourceOf,
  type TableSource,
  useRead,
  useReadMore,
  useRefresh,
} from './reads.ts';
export { useShortcut } from './shortcuts.ts';
export { Sparkline } from './sparkline.tsx';
export { EmptyState, type EmptyStateProps, ErrorState } from './states.tsx';
export { StatusBadge, type Tone, wordOf } from './status-badge.tsx';
export { Timeline, type TimelineRow } from './timeline.tsx';
export { type Toast, toast, toastError } from './toast.ts';
export { Bytes, Count, Day, Duration, Money, Percent, useFormats, useNow, When } from './values.tsx';
export { Can, type Organisation, useCan, useOrganisation, useViewer, type Viewer } from './viewer.tsx';
