import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';

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
          <ShareLink />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ShareLink() {
  const workbench = useWorkbench();
  const [link, setLink] = useState('');
  const [said, setSaid] = useState('');
  useEffect(() => {
    workbench.shareLink().then(setLink, (error: unknown) => setSaid(`The link could not be made: ${error}`));
  }, [workbench]);
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser did not allow copying: select the link and copy it.'),
    );
  const save = () =>
    workbench.exportSession().then(download, (error: unknown) => setSaid(`The file could not be made: ${error}`));
  return (
    <div className="form">
      <p>
        The link holds every file, step and result in itself; no server keeps it. Whoever has the link can read all of
        it: look for secrets in the task's files and in the output first, they are not searched for.
      </p>
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
    </div>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = 'session.fixpoint.json';
  anchor.click();
  URL.revokeObjectURL(url);
}
