"""The Streamlit entry, ``streamlit run app.py -- out.jsonl``; the pages live in ``nlp_tasks/viewer/``."""

from nlp_tasks.viewer import main

main()
