/** What is asked before something is done: above the page, left by Escape, and the focus goes back where it was. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly label: string
  readonly isOpen: boolean
  readonly children: ComponentChildren
  onClose(): void
}

export function Dialog({ label, isOpen, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} class="steer" aria-label={label} onClose={onClose}>
      {children}
    </dialog>
  )
}
