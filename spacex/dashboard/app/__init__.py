"""The dashboard as a web application: server, visitor session, header, downloads."""
