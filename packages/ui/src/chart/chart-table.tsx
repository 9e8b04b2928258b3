import classes from '../chart.module.css';
import type { ShownChart } from '../chart.tsx';
import { useFormats } from '../values.tsx';

/** The numbers of a chart as a table. */
export function ChartTable<Row extends object>({
  label,
  data,
  writeX,
  format,
  height,
  onPick,
}: ShownChart<Row>) {
  const formats = useFormats();
  return (
    <section
      className={classes.tableBox}
      style={{ maxHeight: height ?? 260 }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
      tabIndex={0}
      aria-label={label}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {data.series.map((series) => (
              <th key={series.name} scope="col">
                {series.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.categories.map((category, index) => (
            <tr key={category}>
              <th scope="row">{writeX(category)}</th>
              {data.series.map((series) => {
                const value = series.values[index];
                const row = series.rows[index];
                const text = value === null || value === undefined ? '–' : formats.value(value, format);
                return (
                  <td key={series.name}>
                    {onPick && row ? (
                      <button type="button" onClick={() => onPick(row, series.name)}>
                        {text}
                      </button>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
