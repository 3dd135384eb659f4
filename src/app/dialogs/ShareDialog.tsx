import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { SecretFinding } from '../../share/redact.ts';
import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';
import { SecretFindings } from './SecretFindings.tsx';

export function ShareDialog() {
  const hasTask = useView((view) => view.session.task !== null);
  return (
    <Dialog.Root>
      <Dialog.Trigger className="button quiet" disabled={!hasTask} aria-label="Share">
        <Icon name="share" /> <span className="wide-only">Share</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Share this session</Dialog.Title>
          <Share />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Nothing is made before the session was searched for secrets, and before it is said what becomes of those found. */
function Share() {
  const workbench = useWorkbench();
  const [found, setFound] = useState<readonly SecretFinding[] | null>(null);
  const [masked, setMasked] = useState<readonly SecretFinding[] | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    workbench.findSecrets().then(
      (findings) => {
        setFound(findings);
        if (findings.length === 0) setMasked([]);
      },
      (error: unknown) => setProblem(`The session could not be searched for secrets, so no link was made: ${error}`),
    );
  }, [workbench]);
  return (
    <div className="form">
      <p>
        The link holds every file, step and result in itself; no server keeps it. Whoever has the link can read all of
        it.
      </p>
      {problem !== '' && <p role="alert">{problem}</p>}
      {found === null && problem === '' && <p className="quiet-text">Looking for secrets…</p>}
      {found && found.length > 0 && masked === null && (
        <SecretFindings findings={found} onMask={() => setMasked(found)} onKeep={() => setMasked([])} />
      )}
      {masked && <ShareLink masked={masked} found={found?.length ?? 0} />}
      {!masked && (
        <div className="form-end">
          <Dialog.Close className="button">Close</Dialog.Close>
        </div>
      )}
    </div>
  );
}

function ShareLink({ masked, found }: { masked: readonly SecretFinding[]; found: number }) {
  const workbench = useWorkbench();
  const [link, setLink] = useState('');
  const [said, setSaid] = useState('');
  useEffect(() => {
    workbench.shareLink(masked).then(setLink, (error: unknown) => setSaid(`The link could not be made: ${error}`));
  }, [workbench, masked]);
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser did not allow copying: select the link and copy it.'),
    );
  const save = () =>
    workbench.exportSession(masked).then(download, (error: unknown) => setSaid(`The file could not be made: ${error}`));
  return (
    <>
      <p className="quiet-text">{describeMasks(found, masked.length)}</p>
      <input aria-label="Link" readOnly value={link} onFocus={(event) => event.target.select()} />
      <p className="quiet-text">
        {link === '' ? 'Building the link…' : `${link.length.toLocaleString('en')} characters`}
      </p>
      <p role="status">{said}</p>
      <div className="form-end">
        <button type="button" className="button" onClick={() => void save()}>
          Download as a file
        </button>
        <Dialog.Close className="button">Close</Dialog.Close>
        <button type="button" className="button primary" disabled={link === ''} onClick={() => void copy()}>
          Copy link
        </button>
      </div>
    </>
  );
}

function describeMasks(found: number, masked: number): string {
  if (found === 0) return 'No text in it looks like a secret; that is a search for known patterns, not a promise.';
  if (masked === 0) return 'It holds what looks like secrets, as you chose.';
  return 'What looked like secrets is masked in the link and in the file; your own session is as it was.';
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = 'session.fixpoint.json';
  anchor.click();
  URL.revokeObjectURL(url);
}
