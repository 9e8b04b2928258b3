export default function Broken(): never {
  throw new Error('This page was made to fail.');
}
