// Before anything is painted: the colours chosen last time, or the system's. A file, since the page's
// policy lets no script stand in it.
const chosen = localStorage.getItem('moonbase-colour') || 'auto';
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
document.documentElement.style.background = dark ? '#0c0e12' : '#f6f7f9';
