/** How far a score went beyond its threshold: a bar that is full at twice the threshold. */
import classes from './anomalies.module.css';

export function ScoreBar({ score, threshold }: { score: number; threshold: number }) {
  const share = Math.min(1, score / (threshold * 2));
  const text = `${score.toFixed(1)}, flagged from ${threshold.toFixed(1)}`;
  return (
    <span className={classes.score}>
      <span className={classes.track} role="img" aria-label={`Score ${text}`} title={`Score ${text}`}>
        <span
          className={classes.bar}
          data-high={score >= threshold * 1.5 || undefined}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className={classes.number}>{score.toFixed(1)}</span>
    </span>
  );
}
