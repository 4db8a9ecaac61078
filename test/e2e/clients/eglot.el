;;; eglot.el --- emacs and eglot in batch mode  -*- lexical-binding: t -*-
;; PROGRAM, WORKSPACE and RESULT come from the environment.
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'json)

(defvar pinvet-result (getenv "RESULT"))
(defvar pinvet-workspace (getenv "WORKSPACE"))
(define-derived-mode csharp-mode prog-mode "C#")
(add-to-list 'eglot-server-programs `((csharp-mode c-mode) . (,(getenv "PROGRAM") "lsp")))
(setq eglot-sync-connect 20 eglot-autoshutdown nil eglot-send-changes-idle-time 0.05
      eglot-confirm-server-initiated-edits nil flymake-no-changes-timeout 0.05)
;; The workspace is the project, whatever lies about it.
(add-hook 'project-find-functions (lambda (_) (cons 'transient pinvet-workspace)))

(defun pinvet-step (name run)
  (let ((err (condition-case e (progn (funcall run) nil) (error (error-message-string e)))))
    (with-temp-buffer
      (insert (json-encode `((name . ,name) (ok . ,(if err :json-false t)) (error . ,err))) "\n")
      (let ((coding-system-for-write 'utf-8)) (append-to-file (point-min) (point-max) pinvet-result)))))

(defun pinvet-findings ()
  (seq-filter (lambda (d) (string-match-p "PIN403\\|CreateFileW" (flymake-diagnostic-text d))) (flymake-diagnostics)))

(defun pinvet-wait (what want)
  (let ((end (+ (float-time) 20)))
    (while (not (funcall want))
      (when (> (float-time) end)
        (error "%s: findings are %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
      (accept-process-output nil 0.05)
      (flymake-start))))

(find-file (expand-file-name "Sonde/Unicode.cs" pinvet-workspace))
(csharp-mode)

(pinvet-step "diagnostics"
  (lambda ()
    (apply #'eglot (let ((major-mode 'csharp-mode)) (eglot--guess-contact)))
    (pinvet-wait "open" #'pinvet-findings)
    (let* ((d (car (pinvet-findings)))
           (text (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d))))
      (unless (equal text "été == IntPtr.Zero") (error "range is %s" text)))))

(pinvet-step "incremental edits on a line beyond ASCII"
  (lambda ()
    (goto-char (point-min))
    (search-forward "été == IntPtr.Zero")
    (replace-match "été == new IntPtr(-1)" t t)
    (eglot--signal-textDocument/didChange)
    (pinvet-wait "edited" (lambda () (not (pinvet-findings))))
    (goto-char (point-min))
    (search-forward "été == new IntPtr(-1)")
    (replace-match "été == IntPtr.Zero" t t)
    (eglot--signal-textDocument/didChange)
    (pinvet-wait "edited back" #'pinvet-findings)))

(pinvet-step "a fix"
  (lambda ()
    (let* ((d (car (pinvet-findings)))
           (actions (eglot-code-actions (flymake-diagnostic-beg d) (flymake-diagnostic-end d) nil nil))
           (fix (seq-find (lambda (a) (and (plist-get a :edit) (eq t (plist-get a :isPreferred)))) actions)))
      (unless fix (error "actions are %S" (mapcar (lambda (a) (plist-get a :title)) actions)))
      (eglot--apply-workspace-edit (plist-get fix :edit))
      (eglot--signal-textDocument/didChange)
      (pinvet-wait "fixed" (lambda () (not (pinvet-findings))))
      (let ((coding-system-for-write 'utf-8)) (save-buffer)))))

(pinvet-step "shutdown" (lambda () (eglot-shutdown (eglot-current-server) nil 5)))
;;; eglot.el ends here
