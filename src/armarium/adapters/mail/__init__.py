"""Where letters go: a mail server, or a folder on a machine that has none."""

from armarium.adapters.mail.folder import FolderMailer
from armarium.adapters.mail.smtp import Security, SmtpMailer

__all__ = ["FolderMailer", "Security", "SmtpMailer"]
