import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { openIntake, show } from '#renderer/app/store.ts';
import { Fault } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { answers, bootstrap, job } from '../world.ts';

describe('when something goes wrong', () => {
  it('a list that could not be asked for says why and asks again', async () => {
    const bridge = await openWindow({ 'intake.list': () => new Fault('The database is locked by another process.') });
    expect((await screen.findByRole('alert')).textContent).toContain('The database is locked by another process.');
    expect(screen.queryByText('Open sample')).toBeNull();
    bridge.answers['intake.list'] = answers()['intake.list'];
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'list.csv' })).toBeDefined();
  });

  it('a fault of one view leaves the others alone', async () => {
    await openWindow();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = vi.spyOn(window, 'matchMedia').mockImplementation(() => {
      throw new Error('gone');
    });
    act(() => openIntake(7));
    expect(await screen.findByRole('heading', { name: 'This view stopped with an unexpected fault' })).toBeDefined();
    act(() => show('known-sets'));
    expect(await screen.findByRole('heading', { name: 'Known sets' })).toBeDefined();
    broken.mockRestore();
    act(() => show('triage'));
    expect(await screen.findByRole('grid')).toBeDefined();
  });

  it('what was salvaged when the data was opened stays until it was read', async () => {
    const startNotice = 'The database was damaged: 1,200 of 1,204 items were kept. The old file is beside it.';
    const bridge = await openWindow({ 'app.bootstrap': () => bootstrap({ startNotice }) });
    act(() => bridge.push('job', job({ kind: 'export', state: 'failed', message: 'The disk is full.' })));
    expect(await screen.findByText(startNotice)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Understood' }));
    expect(screen.queryByText(startNotice)).toBeNull();
  });

  it('a shell that fails is not mistaken for an answer', async () => {
    const bridge = await openWindow();
    bridge.answers['intake.get'] = () => Promise.reject(new Error('Target closed'));
    openIntake(7);
    const alert = await screen.findByText(/Unexpected fault/);
    expect(alert.textContent).not.toContain('Target closed');
  });
});

describe('files named by a second start', () => {
  it('are read into an intake', async () => {
    const bridge = await openWindow({ 'intake.start': () => ({ intakeId: 7, jobId: 'job-1' }) });
    act(() => bridge.push('openFiles', { handle: 'handed-over', names: ['list.csv'] }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.start')).toEqual([{ handle: 'handed-over', reading: { as: 'auto' } }]),
    );
    expect(await screen.findByRole('heading', { name: 'list.csv' })).toBeDefined();
  });
});
