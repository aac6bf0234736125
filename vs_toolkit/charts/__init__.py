"""Charts: the look that all share, and the forms that several subjects draw."""

from vs_toolkit.charts.axes import bars as bars
from vs_toolkit.charts.axes import money_axis as money_axis
from vs_toolkit.charts.axes import name_rows as name_rows
from vs_toolkit.charts.axes import room as room
from vs_toolkit.charts.labels import headline as headline
from vs_toolkit.charts.labels import nothing as nothing
from vs_toolkit.charts.labels import say as say
from vs_toolkit.charts.labels import spread as spread
from vs_toolkit.charts.labels import wrapped as wrapped
from vs_toolkit.charts.style import BLACK as BLACK
from vs_toolkit.charts.style import BLUE as BLUE
from vs_toolkit.charts.style import GREEN as GREEN
from vs_toolkit.charts.style import GREY as GREY
from vs_toolkit.charts.style import LIGHT as LIGHT
from vs_toolkit.charts.style import PURPLE as PURPLE
from vs_toolkit.charts.style import STYLE as STYLE
from vs_toolkit.charts.style import VERMILLION as VERMILLION
from vs_toolkit.charts.style import WIDTH as WIDTH
from vs_toolkit.charts.style import drawn as drawn
from vs_toolkit.charts.style import figure as figure
from vs_toolkit.charts.style import rows as rows
from vs_toolkit.charts.style import style as style
