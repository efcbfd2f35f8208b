"""The static edition: the pages of a run as plain files, for any web host or a folder.

- `edition`: writes all of it.
- `folder`: the files, of which only those that changed are written, and only its own removed.
- `session_pages`: the pages of the live dashboard without its kernel.
- `links`: the file of each page, in place of the URL query.
- `lives`: the pages of each launch, booster and satellite.
- `search_index`: what the browser searches.
- `globe_frames`: the positions of the coming hours.
- `documents`: reports, feeds and the documentation.
- `scripts`: scripts and styles.
- `layout`: the frame of a page.

docs/static-edition.md says how it works, and why it is not made by Voici.
"""
