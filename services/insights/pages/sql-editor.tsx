/** The editor; a chunk of its own, since only this page needs it. */
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { useComputedColorScheme } from '@mantine/core';
import { styleNonce } from '@moonbase/ui/style-nonce.ts';
import CodeMirror, { EditorView, keymap, Prec } from '@uiw/react-codemirror';
import { useMemo, useRef } from 'react';

export default function SqlEditor(props: {
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  views: readonly { view: string; columns: readonly { name: string }[] }[] | undefined;
}) {
  const { onChange, onRun, value, views } = props;
  const scheme = useComputedColorScheme('light');
  const latest = useRef(onRun);
  latest.current = onRun;
  const extensions = useMemo(
    () => [
      // Tab leaves the editor, as it leaves every field: nobody is caught in it.
      Prec.highest(
        keymap.of([
          {
            key: 'Mod-Enter',
            run: () => {
              latest.current();
              return true;
            },
          },
        ]),
      ),
      sql({
        dialect: PostgreSQL,
        upperCaseKeywords: true,
        schema: Object.fromEntries(
          (views ?? []).map(({ columns, view }) => [view, columns.map((column) => column.name)]),
        ),
      }),
      EditorView.lineWrapping,
      ...(styleNonce ? [EditorView.cspNonce.of(styleNonce)] : []),
      EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
    ],
    [views],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      theme={scheme}
      minHeight="180px"
      maxHeight="45vh"
      extensions={extensions}
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLine: false, highlightActiveLineGutter: false }}
    />
  );
}
