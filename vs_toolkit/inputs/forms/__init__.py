"""Excel forms generated from the models: blank or prefilled, filled by anybody, read back as a case or a
source.
"""

from vs_toolkit.inputs.forms.case_form import case_form, model_form
from vs_toolkit.inputs.forms.commenting import commented
from vs_toolkit.inputs.forms.table_form import table_form

__all__ = ["case_form", "commented", "model_form", "table_form"]
