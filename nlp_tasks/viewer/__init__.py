"""The Streamlit app: `main` opens it, `nlp_tasks.viewer.server` serves it; one module a page.

Streamlit is imported when the app runs, so that the command line can import the server without it.
"""

from typing import TYPE_CHECKING

from nlp_tasks.errors import NlpTasksError, ReadError

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from nlp_tasks.viewer.results import Results
    from nlp_tasks.viewer.texts import Texts

__all__ = ["main"]


def main() -> None:
    """Draw the page that the address names, over the results that the user opened."""
    from functools import partial

    import streamlit as st

    from nlp_tasks.viewer import detail, overview, tasks
    from nlp_tasks.viewer.state import keep_filters
    from nlp_tasks.viewer.texts import Texts

    keep_filters()
    texts = Texts(st.session_state.get("language", "vi"))
    st.set_page_config(page_title=texts("app"), layout="wide", initial_sidebar_state="expanded")
    results, trouble = _sidebar(texts)
    shown = {"overview": overview.show, "tasks": tasks.show, "detail": detail.show}
    pages = {
        name: st.Page(
            partial(show, results, texts) if results else partial(_nothing, texts, trouble),
            title=texts(name),
            url_path=name,
            default=name == "overview",
        )
        for name, show in shown.items()
    }
    st.session_state["pages"] = pages
    st.navigation(list(pages.values())).run()


def _sidebar(texts: "Texts") -> tuple["Results | None", str]:
    """Draw the sidebar; return the opened results, or None and why there are none to show."""
    import streamlit as st

    from nlp_tasks.store import ENDINGS
    from nlp_tasks.viewer.html import style
    from nlp_tasks.viewer.texts import LANGUAGES, markdown_escaped

    st.html(style(texts))
    with st.sidebar:
        st.radio(
            texts("language"), list(LANGUAGES), format_func=LANGUAGES.get, key="language", horizontal=True
        )
        upload = st.file_uploader(
            texts("upload"), type=[ending[1:] for ending in ENDINGS], help=texts("upload_help"), key="upload"
        )
        results, trouble = _opened(upload, texts)
        if results:
            name, n_tasks = markdown_escaped(results.name), texts.number(len(results.tagged))
            st.caption(texts("opened", name=name, n=n_tasks))
    if results and not results.tagged:
        return None, texts("no_rows", name=markdown_escaped(results.name))
    return results, trouble


def _opened(upload: "UploadedFile | None", texts: "Texts") -> tuple["Results | None", str]:
    """Read the uploaded file or else the named one; say in one sentence why it can't be read."""
    import streamlit as st

    from nlp_tasks.viewer.results import load, load_upload, named_path
    from nlp_tasks.viewer.texts import markdown_escaped

    path = named_path()
    try:
        with st.spinner(texts("loading")):
            if upload is not None:
                return load_upload(upload.name, upload.getvalue()), ""
            return (load(path) if path else None), ""
    except NlpTasksError as error:
        if isinstance(error, ReadError) and error.code == "missing":
            return None, texts("not_found", name=markdown_escaped(str(path)))
        return None, texts("broken", message=markdown_escaped(error.message))


def _nothing(texts: "Texts", trouble: str) -> None:
    """Draw what stands in place of every page while there are no results."""
    import streamlit as st

    if trouble:
        st.error(trouble)
    st.info(texts("no_results"))
