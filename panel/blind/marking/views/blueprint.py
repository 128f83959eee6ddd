"""The blueprint that the pages of marking register on."""

from flask import Blueprint
from werkzeug.wrappers import Response

views = Blueprint("marking", __name__, url_prefix="/panel")

Page = str | Response | tuple[str, int]
